import { Text, type TextProps } from '@mantine/core';
import { formatMoney, type MoneyLike } from './format';

/** A price; nothing when it is unknown. */
export function Price({ money, ...props }: { money: MoneyLike | null | undefined } & TextProps) {
  if (!money) return null;
  return (
    <Text component="span" fw={600} style={{ fontVariantNumeric: 'tabular-nums' }} {...props}>
      {formatMoney(money)}
    </Text>
  );
}
