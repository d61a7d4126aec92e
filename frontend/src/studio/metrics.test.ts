import { expect, test } from 'vitest';
import { contenders, cuts, type Report } from './metrics';

const report = (name: string, ...lengths: number[]): Report => ({
  name,
  users: 3,
  coverage: 0.5,
  novelty: 6,
  metrics: lengths.map((k) => ({ k, recall: 0.1, ndcg: 0.2, map: 0.05, hitRate: 0.4 })),
});
const evaluated = (...reports: Report[]) => ({
  modelId: 'm2',
  evaluation: { split: 'time 80/20', validationRmse: null, testRmse: null, biasRmse: null, reports },
});

test('the other model stands between this one and the baselines, whose own it leaves out', () => {
  const mine = evaluated(report('model', 10), report('popularity', 10));
  const other = evaluated(report('model', 10), report('popularity', 10));
  expect(contenders(mine).map(({ name }) => name)).toEqual(['this model', 'popularity']);
  expect(contenders(mine, other).map(({ name }) => name)).toEqual(['this model', 'm2', 'popularity']);
});

test('without a measurement nobody contends', () => {
  expect(contenders({ evaluation: null }, evaluated(report('model', 10)))).toEqual([]);
});

test('list lengths are told once, shortest first', () => {
  expect(cuts([report('model', 20, 100), report('popularity', 10, 20)])).toEqual([10, 20, 100]);
});
