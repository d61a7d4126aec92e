import { describe, expect, it } from 'vitest';
import { addLine, countLines, parseCart, setQuantity } from './cart';

describe('the cart', () => {
  it('counts the same product up and keeps the first list’s credit', () => {
    const lines = addLine(addLine([], { id: 'a', recommendationId: 'r1' }), { id: 'a', recommendationId: 'r2' });
    expect(lines).toEqual([{ id: 'a', quantity: 2, recommendationId: 'r1' }]);
    expect(countLines(addLine(lines, { id: 'b' }))).toBe(3);
  });

  it('takes a product out at zero and stops at 99', () => {
    expect(setQuantity([{ id: 'a', quantity: 1 }], 'a', 0)).toEqual([]);
    expect(setQuantity([{ id: 'a', quantity: 99 }], 'a', 100)).toEqual([{ id: 'a', quantity: 99 }]);
  });

  it('reads back what was kept and nothing else', () => {
    const lines = [{ id: 'a', quantity: 2 }];
    expect(parseCart(JSON.stringify([...lines, { id: 'b', quantity: -1 }, null, 7]))).toEqual(lines);
    expect(parseCart('{')).toEqual([]);
    expect(parseCart(undefined)).toEqual([]);
  });
});
