import { describe, expect, test } from 'vitest';
import { describeRule, describeScope, type Draft, moveOf, newRule, toDraft } from './rules';

const rule = (fields: Partial<Draft>): Draft => ({ ruleId: 'a', kind: 'HIDE', enabled: true, ...fields });

describe('a rule in words', () => {
  test.each([
    [rule({ kind: 'BOOST', factor: 2, where: { vendors: ['Acme'], maxPrice: 5000 } }), 'Count products of Acme up to 50 2 times'],
    [rule({ kind: 'BURY', factor: 2, where: { categories: ['Garden', 'Home'] } }), 'Count products in Garden and Home half'],
    [rule({ kind: 'BURY', factor: 10, where: { vendors: ['Acme'] } }), 'Count products of Acme a 10th'],
    [rule({ kind: 'PIN', position: 2, where: { products: ['a', 'b', 'c', 'd'] } }), 'Put a, b and 2 more at place 2'],
    [rule({ kind: 'HIDE', where: { products: ['p1'] } }), 'Never recommend p1'],
    [rule({ kind: 'LIMIT', maxPerVendor: 2, maxPerCategory: 3 }), 'At most 2 of one vendor and 3 of one category'],
    [rule({ kind: 'EXPLORE', share: 0.1 }), 'Let 10% of personal lists try the unknown'],
  ])('%#', (given, words) => expect(describeRule(given)).toBe(words));

  test('says where and until when it holds', () => {
    expect(describeScope(rule({}), String)).toBe('All shelves');
    expect(describeScope(rule({ shelves: ['NEW'], until: 'May' }), String)).toBe('New for you · until May');
  });
});

test('a new rule has an id of its own', () => {
  const first = newRule('BOOST', []);
  expect([first.ruleId, newRule('BOOST', [first]).ruleId]).toEqual(['boost-1', 'boost-2']);
});

test('what is sent again leaves out what is not given', () => {
  const where = { products: [], categories: [], vendors: ['Acme'], minPrice: null, maxPrice: null };
  const saved = {
    ruleId: 'a', kind: 'BOOST' as const, note: '', enabled: false, shelves: [], from: null, until: null, where,
    factor: 2, position: null, maxPerVendor: null, maxPerCategory: null, strength: null, share: null,
  };
  expect(toDraft(saved)).toEqual({ ruleId: 'a', kind: 'BOOST', enabled: false, factor: 2, where: { vendors: ['Acme'] } });
  expect(toDraft({ ...saved, where: { ...where, vendors: [] } })).not.toHaveProperty('where');
});

test('arrows tell how entries move', () => {
  expect([moveOf('after', 1, 4), moveOf('after', 4, 1), moveOf('after', 2, null), moveOf('before', 2, null), moveOf('before', 2, 5), moveOf('after', 2, 2)])
    .toEqual(['↑ 3', '↓ 3', 'new', 'goes', '', '']);
});
