import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatMoney, formatShare, formatStars, formatTick, sumMoney } from './format';

describe('money', () => {
  it.each([
    [{ amount: 1290, currency: 'EUR' }, '€12.90'],
    [{ amount: 1290, currency: 'JPY' }, '¥1,290'],
    [{ amount: 1290, currency: '' }, '12.90'],
  ])('formats %o', (money, text) => {
    expect(formatMoney(money, 'en')).toBe(text);
  });

  it('adds up one currency only', () => {
    const euro = { amount: 100, currency: 'EUR' };
    expect(sumMoney([euro, euro])).toEqual({ amount: 200, currency: 'EUR' });
    expect(sumMoney([euro, { amount: 1, currency: 'USD' }])).toBeNull();
    expect(sumMoney([])).toBeNull();
  });
});

describe('ticks', () => {
  it('says of none that it stands elsewhere', () => {
    expect([0, 650, 1300, 1950, 2600].map((value) => formatTick(value, 'en'))).toEqual(['0', '650', '1.3K', '1.95K', '2.6K']);
  });
});

describe('stars', () => {
  it.each([
    [0, 'no rating'],
    [0.5, '½ stars'],
    [1, '1 star'],
    [3.5, '3½ stars'],
    [5, '5 stars'],
  ])('%d reads %s', (stars, text) => {
    expect(formatStars(stars)).toBe(text);
  });
});

describe('time', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  it.each([
    ['2026-11-23T11:59:30Z', 'just now'],
    ['2026-11-23T11:15:00Z', '45 minutes ago'],
    ['2026-11-22T12:00:00Z', 'yesterday'],
    ['2026-05-23T12:00:00Z', '6 months ago'],
  ])('%s was %s', (time, text) => {
    expect(formatAgo(time, now, 'en')).toBe(text);
  });
});

describe('sizes', () => {
  it('formats bytes and shares', () => {
    expect(formatBytes(0, 'en')).toBe('0 B');
    expect(formatBytes(1_468_006, 'en')).toBe('1.4 MiB');
    expect(formatShare(0.423, 'en')).toBe('42%');
  });
});
