import { expect, test } from 'vitest';
import { describeMove, moves } from './moves';

test('entries move up, down, and in from outside', () => {
  expect([...moves(['a', 'b', 'c', 'd'], ['c', 'x', 'a', 'd'])]).toEqual([
    ['c', 2],
    ['x', 'new'],
    ['a', -2],
  ]);
});

test('nothing moves in the same list', () => {
  expect(moves(['a', 'b'], ['a', 'b']).size).toBe(0);
});

test('moves have words', () => {
  expect([describeMove(2), describeMove(-1), describeMove('new')]).toEqual(['up 2', 'down 1', 'new']);
});
