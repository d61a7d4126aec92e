import classes from './Beats.module.css';

/** Three dots in three-four time: something is on its way. */
export function Beats({ label = 'Loading' }: { label?: string }) {
  return (
    <span role="status" aria-label={label} className={classes.beats}>
      <i />
      <i />
      <i />
    </span>
  );
}
