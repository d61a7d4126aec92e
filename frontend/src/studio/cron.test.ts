import { expect, test } from 'vitest';
import { describeCron } from './cron';

test('usual times have words, others stay as they are', () => {
  expect(describeCron(' 0 3 * * * ')).toBe('every night at 03:00');
  expect(describeCron('15 4 1 * *')).toBe('at 15 4 1 * *');
});
