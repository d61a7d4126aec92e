import { type CSSProperties, type PointerEvent, useEffect, useState } from 'react';
import { formatStars } from './format';
import classes from './Stars.module.css';

interface StarsProps {
  /** 0.5 to 5; null when there is no rating. */
  value: number | null;
  /** Called with the new stars once they are settled, 0 for none; without it the stars only show. */
  onChange?: (stars: number) => void;
  size?: 'sm' | 'md' | 'lg';
  /** What is rated, for people who cannot see it. */
  label: string;
}

const pixels = { sm: 17, md: 20, lg: 28 };

/** A rating in half stars, to look at or to give. */
export function Stars({ value, onChange, size = 'sm', label }: StarsProps) {
  const style = { '--star': `${pixels[size]}px` } as CSSProperties;
  if (onChange) return <StarInput value={value} onChange={onChange} label={label} style={style} />;
  return (
    <span role="img" aria-label={`${label}: ${formatStars(value ?? 0)}`} className={classes.stars} style={style}>
      <Strip stars={value ?? 0} />
    </span>
  );
}

function Strip({ stars }: { stars: number }) {
  return <span aria-hidden className={classes.strip} style={{ '--fill': `${stars * 20}%` } as CSSProperties} />;
}

/** How long keys must rest before a rating made with them counts. */
const settleMilliseconds = 700;

interface StarInputProps {
  value: number | null;
  onChange: (stars: number) => void;
  label: string;
  style: CSSProperties;
}

/** A slider that looks like stars: one control for pointer, keys and screen readers. */
function StarInput({ value, onChange, label, style }: StarInputProps) {
  const [draft, setDraft] = useState<number | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const stars = draft ?? value ?? 0;
  const settle = () => {
    if (draft !== null && draft !== (value ?? 0)) onChange(draft);
    setDraft(null);
  };
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(settle, settleMilliseconds);
    return () => clearTimeout(timer);
  });
  return (
    <span className={classes.stars} style={style} data-hovered={hovered !== null || undefined}>
      <Strip stars={hovered ?? stars} />
      <input
        type="range"
        className={classes.input}
        min={0}
        max={5}
        step={0.5}
        value={stars}
        aria-label={label}
        aria-valuetext={formatStars(stars)}
        onChange={({ currentTarget }) => setDraft(currentTarget.valueAsNumber)}
        onPointerUp={settle}
        onBlur={settle}
        onPointerMove={(event) => setHovered(starsAt(event))}
        onPointerLeave={() => setHovered(null)}
      />
    </span>
  );
}

/** The stars under a mouse; fingers have nothing to hover with. */
function starsAt({ pointerType, currentTarget, clientX }: PointerEvent<HTMLInputElement>): number | null {
  if (pointerType !== 'mouse') return null;
  const { left, width } = currentTarget.getBoundingClientRect();
  // The input begins half a star before the first one.
  return Math.max(0, Math.min(10, Math.ceil(((clientX - left) / width) * 11) - 1)) / 2;
}
