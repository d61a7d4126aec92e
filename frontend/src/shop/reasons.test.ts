import { describe, expect, it } from 'vitest';
import type { EventType } from '../api/generated/shop/graphql';
import { phraseLine, phraseReason, phraseReasons, reasonsOf } from './reasons';

const contribution = (type: EventType, title: string | null, share: number, stars = 1) => ({
  share,
  interaction: {
    id: `${type}${title}`,
    type,
    value: stars,
    productId: title ?? 'gone',
    product: title === null ? null : { id: title, productId: title, title },
  },
});

const explained = (contributions: ReturnType<typeof contribution>[], othersShare = 0) => ({ contributions, othersShare });

describe('reasonsOf', () => {
  it('ends with all that is too small to name', () => {
    const reasons = reasonsOf(explained([contribution('LIKE', 'Heat', 0.9)], 0.1));
    expect(reasons.map(phraseLine)).toEqual(['You liked Heat', 'Everything else you did']);
    expect(phraseReasons(reasons)).toBe('Because you liked Heat.');
  });

  it('adds up repeated events of one kind with one product', () => {
    const reasons = reasonsOf(explained([
      contribution('VIEW', 'Heat', 0.2),
      contribution('RATING', 'Ronin', 0.5, 4.5),
      contribution('VIEW', 'Heat', 0.3),
      contribution('VIEW', 'Ronin', 0),
    ]));
    expect(reasons.map(({ deed, share }) => [deed?.type, deed?.title, share])).toEqual([
      ['VIEW', 'Heat', 0.5],
      ['RATING', 'Ronin', 0.5],
      ['VIEW', 'Ronin', 0],
    ]);
  });

  it('puts what counts against last, and names products that are gone', () => {
    const reasons = reasonsOf(explained([contribution('DISLIKE', 'Cats', -0.1), contribution('LIKE', null, 1)]));
    expect(reasons.map(({ deed, share }) => [deed?.title, share])).toEqual([
      ['a product that is gone', 1],
      ['Cats', -0.1],
    ]);
  });
});

describe('phrases', () => {
  it.each([
    ['RATING', 4.5, 'rated Heat 4½ stars'],
    ['PURCHASE', 1, 'bought Heat'],
    ['PURCHASE', 3, 'bought Heat ×3'],
    ['CART', 1, 'put Heat into your cart'],
    ['HIDE', 1, 'hid Heat'],
    ['HIDE', 0, 'brought Heat back'],
    ['VIEW', 1, 'looked at Heat'],
  ] as const)('%s with %d reads “%s”', (type, value, phrase) => {
    expect(phraseReason({ type, value, title: 'Heat' })).toBe(phrase);
  });

  it('name the two strongest reasons', () => {
    const reasons = reasonsOf(explained([contribution('LIKE', 'Heat', 0.7), contribution('PURCHASE', 'Ronin', 0.2), contribution('VIEW', 'Drive', 0.1)]));
    expect(phraseReasons(reasons)).toBe('Because you liked Heat and bought Ronin.');
    expect(phraseReasons(reasonsOf(explained([contribution('DISLIKE', 'Cats', -1)])))).toBeNull();
  });
});
