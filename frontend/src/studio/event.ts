import type { EventType } from '../api/generated/studio/graphql';
import { formatStars } from '../ui/format';

const words: Record<EventType, string> = {
  VIEW: 'viewed',
  CART: 'put into the cart',
  PURCHASE: 'bought',
  RATING: 'rated',
  LIKE: 'liked',
  DISLIKE: 'disliked',
  HIDE: 'hid',
  IMPRESSION: 'was shown',
  CLICK: 'clicked',
};

/** What happens in events of a type, like `bought`. */
export function describeType(type: EventType): string {
  return words[type];
}

/** What happened, like `bought 2` or `rated 4½ stars`. */
export function describeEvent({ type, value }: { type: EventType; value: number }): string {
  if (type === 'RATING') return value === 0 ? 'took a rating back' : `rated ${formatStars(value)}`;
  if (type === 'HIDE' && value === 0) return 'brought back';
  if (type === 'PURCHASE' && value > 1) return `bought ${value}`;
  return describeType(type);
}
