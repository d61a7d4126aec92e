import { formatMoney, type MoneyLike } from './format';
import classes from './Price.module.css';

interface PriceProps {
  money: MoneyLike | null | undefined;
  size?: 'sm' | 'lg';
}

/** A price; nothing when it is unknown. */
export function Price({ money, size = 'sm' }: PriceProps) {
  if (!money) return null;
  return (
    <span className={classes.price} data-size={size}>
      {formatMoney(money)}
    </span>
  );
}
