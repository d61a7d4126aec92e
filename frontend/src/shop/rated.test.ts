import { describe, expect, it } from 'vitest';
import { ratedOf, toggled } from './rated';

const event = (eventId: string, productId: string, value: number) => ({
  id: eventId,
  eventId,
  type: 'RATING' as const,
  value,
  time: '2026-01-01T00:00:00Z',
  productId,
  product: null,
});

describe('ratedOf', () => {
  it('shows the latest stars with every event of the product', () => {
    const rated = ratedOf([event('3', 'heat', 5), event('2', 'ronin', 2), event('1', 'heat', 3)]);
    expect(rated.map(({ latest, eventIds }) => [latest.productId, latest.value, eventIds])).toEqual([
      ['heat', 5, ['3', '1']],
      ['ronin', 2, ['2']],
    ]);
  });

  it('leaves out what was taken back', () => {
    expect(ratedOf([event('2', 'heat', 0), event('1', 'heat', 4)])).toEqual([]);
  });
});

describe('toggled', () => {
  it('puts all in, then takes all out', () => {
    expect(toggled(['a'], ['b', 'c'])).toEqual(['a', 'b', 'c']);
    expect(toggled(['a', 'b', 'c'], ['b', 'c'])).toEqual(['a']);
  });

  it('puts in the rest of those of which some are in', () => {
    expect(toggled(['b'], ['b', 'c'])).toEqual(['b', 'c']);
  });
});
