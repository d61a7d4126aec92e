import { Button } from '@mantine/core';
import { useState } from 'react';
import classes from './SureButton.module.css';

interface SureButtonProps {
  /** What it does, like `Delete`. */
  label: string;
  /** What it is about, for people who hear one button among many. */
  about?: string;
  size?: 'xs' | 'sm';
  loading: boolean;
  onSure: () => void;
}

/** A button for what cannot be undone: it acts on the second press, and forgets the first when it is left. */
export function SureButton({ label, about, size = 'sm', loading, onSure }: SureButtonProps) {
  const [asked, setAsked] = useState(false);
  function press() {
    setAsked(!asked);
    if (asked) onSure();
  }
  return (
    <Button
      size={size}
      variant="default"
      loading={loading}
      data-asked={asked || undefined}
      className={classes.button}
      aria-label={about && `${asked ? 'Sure? ' : ''}${label} ${about}`}
      onBlur={() => setAsked(false)}
      onClick={press}
    >
      {/* Both texts keep their room, so that nothing moves. */}
      <span className={classes.texts}>
        <span aria-hidden={asked}>{label}</span>
        <span aria-hidden={!asked}>Sure?</span>
      </span>
    </Button>
  );
}
