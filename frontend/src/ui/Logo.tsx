import classes from './Logo.module.css';

/** The mark, three beats under one arc, and the name; `suffix` names the part of the product. */
export function Logo({ suffix }: { suffix?: string }) {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 28 24" width="28" height="24" aria-hidden className={classes.mark}>
        <path d="M4 17.5 Q14 1 24 17.5" fill="none" stroke="var(--valse-star)" strokeWidth="2" strokeLinecap="round" />
        <circle cx="4" cy="17.5" r="3.8" fill="currentColor" />
        <circle cx="14" cy="9.2" r="2.8" fill="currentColor" />
        <circle cx="24" cy="17.5" r="2.8" fill="currentColor" />
      </svg>
      <span className={classes.name}>valse</span>
      {suffix && <span className={classes.suffix}>{suffix}</span>}
    </span>
  );
}
