import { expect, test } from 'vitest';
import { describeEvent, describeType } from './event';

test('events read as what someone did', () => {
  expect(describeEvent({ type: 'VIEW', value: 1 })).toBe('viewed');
  expect(describeEvent({ type: 'PURCHASE', value: 1 })).toBe('bought');
  expect(describeEvent({ type: 'PURCHASE', value: 3 })).toBe('bought 3');
  expect(describeEvent({ type: 'RATING', value: 4.5 })).toBe('rated 4½ stars');
  expect(describeEvent({ type: 'RATING', value: 0 })).toBe('took a rating back');
  expect(describeEvent({ type: 'HIDE', value: 1 })).toBe('hid');
  expect(describeEvent({ type: 'HIDE', value: 0 })).toBe('brought back');
});

test('a type has a word without a value', () => {
  expect(describeType('RATING')).toBe('rated');
});
