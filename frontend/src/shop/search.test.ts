import { describe, expect, it } from 'vitest';
import { parseBrowseSearch, parseProductSearch, usualOrder } from './search';

describe('the browse address', () => {
  it('keeps what it understands', () => {
    const search = { q: ' trail shoes ', category: 'Outdoor > Running', vendor: 'Fjell', order: 'PRICE' };
    expect(parseBrowseSearch(search)).toEqual({ ...search, q: 'trail shoes' });
  });

  it('leaves out empty, unknown and default values', () => {
    expect(parseBrowseSearch({ q: '', category: ['a'], vendor: null, order: 'TITLE', page: 3 })).toEqual({});
    expect(parseBrowseSearch({ order: 'SIDEWAYS' })).toEqual({});
  });

  it('orders a search by match unless told otherwise, and only a search', () => {
    expect(parseBrowseSearch({ q: 'kite', order: 'MATCH' })).toEqual({ q: 'kite' });
    expect(parseBrowseSearch({ q: 'kite', order: 'TITLE' })).toEqual({ q: 'kite', order: 'TITLE' });
    expect(parseBrowseSearch({ order: 'MATCH' })).toEqual({});
    expect([usualOrder({ q: 'kite' }), usualOrder({ vendor: 'Fjell' })]).toEqual(['MATCH', 'TITLE']);
  });

  it('takes a number for a word, as the router reads 1984 as one', () => {
    expect(parseBrowseSearch({ q: 1984 })).toEqual({ q: '1984' });
  });
});

describe('the product address', () => {
  it('carries the list that led there', () => {
    expect(parseProductSearch({ from: 'r1', other: true })).toEqual({ from: 'r1' });
    expect(parseProductSearch({})).toEqual({});
  });
});
