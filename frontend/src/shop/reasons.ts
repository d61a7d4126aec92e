import type { EventType, WhyQuery } from '../api/generated/shop/graphql';
import { formatStars } from '../ui/format';

type Explanation = NonNullable<WhyQuery['recommendations']['items'][number]['explanation']>;
type Contribution = Explanation['contributions'][number];

/** What one kind of event with one product adds to a recommendation. */
export interface Reason {
  type: EventType;
  /** Stars or quantity. */
  value: number;
  productId: string;
  title: string;
  /** Part of the positive sum, 0 to 1; negative counts against. */
  share: number;
}

/** The reasons of an explanation, the strongest first: repeated views of one product count as one reason. */
export function reasonsOf(contributions: Contribution[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { interaction, value, share } of contributions) {
    const { type, productId, product } = interaction;
    const key = `${type} ${productId}`;
    const known = reasons.get(key);
    const part = value < 0 ? -Math.abs(share) : share;
    if (known) known.share += part;
    else reasons.set(key, { type, value: interaction.value, productId, title: product?.title ?? 'a product that is gone', share: part });
  }
  return [...reasons.values()].toSorted((a, b) => b.share - a.share);
}

/** A reason in words that follow “you”, like `rated Heat 4½ stars`. */
export function phraseReason({ type, value, title }: Pick<Reason, 'type' | 'value' | 'title'>): string {
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
      return `hid ${title}`;
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
  const [first, second] = reasons.filter(({ share }) => share > 0).map(phraseReason);
  if (!first) return null;
  return second ? `Because you ${first} and ${second}.` : `Because you ${first}.`;
}
