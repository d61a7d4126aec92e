import { describe, expect, it } from 'vitest';
import type { ModelSummaryFragment } from '../api/generated/studio/graphql';
import { beatsBaseline, lift, type Quality, qualityOf, standing } from './quality';

const settings = { feedback: 'IMPLICIT' } as ModelSummaryFragment['settings'];
const at = (k: number, ndcg: number) => ({ k, ndcg, recall: 0, map: 0, hitRate: 0 });
const report = (name: string, ndcg: number) => ({ name, users: 9, coverage: 1, novelty: 5, metrics: [at(10, 0.01), at(20, ndcg)] });
const evaluation = { split: 'time 80/20', validationRmse: null, testRmse: null, biasRmse: null, reports: [] };
const rmse = (value: number, baseline = 0.9): Quality => ({ metric: 'RMSE', value, baseline, baselineName: 'biases alone' });
const ndcg = (value: number, baseline = 0.05): Quality => ({ metric: 'NDCG@20', value, baseline, baselineName: 'popularity' });

describe('qualityOf', () => {
  it('compares implicit models by NDCG@20 with popularity', () => {
    const reports = [report('model', 0.2), report('popularity', 0.05), report('item-to-item', 0.1)];
    expect(qualityOf({ settings, evaluation: { ...evaluation, reports } })).toEqual(ndcg(0.2));
  });
  it('compares explicit models by test RMSE with biases alone', () => {
    const explicit = { ...settings, feedback: 'EXPLICIT' as const };
    expect(qualityOf({ settings: explicit, evaluation: { ...evaluation, testRmse: 0.85, biasRmse: 0.9 } })).toEqual(rmse(0.85));
  });
  it('is unknown for a model that was not measured', () => {
    expect(qualityOf({ settings, evaluation: null })).toBeNull();
    expect(qualityOf({ settings, evaluation })).toBeNull();
    expect(qualityOf({ settings: { ...settings, feedback: 'EXPLICIT' }, evaluation })).toBeNull();
    const nobody = { ...report('model', 0), users: 0 };
    expect(qualityOf({ settings, evaluation: { ...evaluation, reports: [nobody] } })).toBeNull();
  });
});

describe('beatsBaseline', () => {
  it('wants more NDCG and less error', () => {
    expect([beatsBaseline(ndcg(0.06)), beatsBaseline(ndcg(0.04))]).toEqual([true, false]);
    expect([beatsBaseline(rmse(0.89)), beatsBaseline(rmse(0.91))]).toEqual([true, false]);
  });
});

describe('lift', () => {
  it('is a multiple of popularity, or a share of the error', () => {
    expect(lift(ndcg(0.2), 'en')).toBe('4× popularity');
    expect(lift(rmse(0.855), 'en')).toBe('5% less error than biases alone');
    expect(lift(rmse(0.945), 'en')).toBe('5% more error than biases alone');
  });
  it('has nothing to divide by where the baseline found nothing', () => {
    expect(lift(ndcg(0.2, 0), 'en')).toBe('popularity finds nothing');
  });
});

describe('standing', () => {
  it('is 1 for the best and measures others by it, each metric for itself', () => {
    const all = [ndcg(0.2), ndcg(0.1), rmse(0.8), rmse(1)];
    expect(all.map((each) => standing(each, all))).toEqual([1, 0.5, 1, 0.8]);
  });
});
