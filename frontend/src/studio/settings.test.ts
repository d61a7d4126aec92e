import { expect, test } from 'vitest';
import type { SettingsFieldsFragment } from '../api/generated/studio/graphql';
import { describeFeedback, settingsRows } from './settings';

const implicit: SettingsFieldsFragment = {
  feedback: 'IMPLICIT', rank: 64, iterations: 12, unobservedWeight: 0.1, reg: 0.003, regExponent: 1,
  weights: 'VIEW=1,CART=3', halfLife: 0, binary: false, fast: false, seed: 1,
};
const explicit: SettingsFieldsFragment = { ...implicit, feedback: 'EXPLICIT', rank: 32, weights: '' };

const row = (name: string, rows: ReturnType<typeof settingsRows>) => rows.find((each) => each.name === name);

test('settings read in words', () => {
  const rows = settingsRows({ ...implicit, halfLife: 90 });
  expect(row('Learned from', rows)?.value).toBe('everything people do');
  expect(row('Confidence', rows)?.value).toBe('VIEW=1, CART=3');
  expect(row('Half-life', rows)?.value).toBe('90 days');
  expect(row('Half-life', settingsRows(implicit))?.value).toBe('none');
  expect(row('Confidence', settingsRows({ ...implicit, binary: true }))?.value).toBe('every pair counts 1');
});

test('what belongs to the other kind of feedback is left out', () => {
  expect(settingsRows(explicit).map(({ name }) => name)).toEqual([
    'Learned from', 'Rank', 'Sweeps', 'Regularization λ', 'Exponent ν', 'Seed',
  ]);
});

test('beside another model the differences show, and what it does not have', () => {
  const rows = settingsRows(implicit, explicit);
  expect(row('Rank', rows)).toEqual({ name: 'Rank', value: '64', otherValue: '32', differs: true });
  expect(row('Seed', rows)).toEqual({ name: 'Seed', value: '1', otherValue: '1', differs: false });
  expect(row('Half-life', rows)).toEqual({ name: 'Half-life', value: 'none', otherValue: '–', differs: true });
});

test('feedback has words', () => {
  expect(describeFeedback('EXPLICIT')).toBe('stars alone');
});
