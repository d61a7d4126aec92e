import { Rating } from '@mantine/core';
import { formatStars } from './format';

interface StarsProps {
  /** 0.5 to 5; null when there is no rating. */
  value: number | null;
  /** Called with the new stars, or 0 when the same star is pressed again; without it the stars only show. */
  onChange?: (stars: number) => void;
  size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl';
  /** What is rated, for people who cannot see it. */
  label: string;
}

/** A rating in half stars, to look at or to give. */
export function Stars({ value, onChange, size = 'sm', label }: StarsProps) {
  if (!onChange) {
    return (
      <span role="img" aria-label={`${label}: ${formatStars(value ?? 0)}`}>
        <Rating value={value ?? 0} fractions={2} readOnly size={size} color="var(--valse-star)" aria-hidden />
      </span>
    );
  }
  return (
    <Rating
      value={value ?? 0}
      onChange={onChange}
      allowClear
      fractions={2}
      size={size}
      color="var(--valse-star)"
      role="radiogroup"
      aria-label={label}
      getSymbolLabel={formatStars}
    />
  );
}
