import type { EventType, WhyQuery } from '../api/generated/shop/graphql';
import { formatStars } from '../ui/format';

type Explanation = NonNullable<WhyQuery['explanation']>;

/** What one kind of event with one product, or all that is left, adds to a recommendation. */
export interface Reason {
  key: string;
  /** What was done; null for everything that is too small to name. */
  deed: Deed | null;
  /** Part of the sum of all that counts for it, at most 1; negative counts against. */
  share: number;
}

interface Deed {
  type: EventType;
  /** Stars or quantity. */
  value: number;
  title: string;
}

/** The reasons of an explanation, the strongest first: repeated views of one product count as one reason. */
export function reasonsOf({ contributions, othersShare }: Explanation): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { interaction, share } of contributions) {
    const { type, value, productId, product } = interaction;
    const key = `${type} ${productId}`;
    const known = reasons.get(key);
    if (known) known.share += share;
    else reasons.set(key, { key, deed: { type, value, title: product?.title ?? 'a product that is gone' }, share });
  }
  const named = [...reasons.values()].toSorted((a, b) => b.share - a.share);
  return othersShare === 0 ? named : [...named, { key: 'others', deed: null, share: othersShare }];
}

/** A reason as a line of its own. */
export function phraseLine({ deed }: Reason): string {
  return deed ? `You ${phraseReason(deed)}` : 'Everything else you did';
}

/** A reason in words that follow “you”, like `rated Heat 4½ stars`. */
export function phraseReason({ type, value, title }: Deed): string {
  switch (type) {
    case 'RATING':
      return `rated ${title} ${formatStars(value)}`;
    case 'PURCHASE':
      return value > 1 ? `bought ${title} ×${value}` : `bought ${title}`;
    case 'CART':
      return `put ${title} into your cart`;
    case 'LIKE':
      return `liked ${title}`;
    case 'DISLIKE':
      return `disliked ${title}`;
    case 'HIDE':
      return value === 0 ? `brought ${title} back` : `hid ${title}`;
    case 'CLICK':
      return `picked ${title} from a list`;
    case 'IMPRESSION':
      return `were shown ${title}`;
    case 'VIEW':
      return `looked at ${title}`;
  }
}

/** One sentence with the two strongest reasons; null when nothing the person did led here. */
export function phraseReasons(reasons: Reason[]): string | null {
  const [first, second] = reasons.flatMap(({ deed, share }) => (deed && share > 0 ? [phraseReason(deed)] : []));
  if (!first) return null;
  return second ? `Because you ${first} and ${second}.` : `Because you ${first}.`;
}
