import { describe, expect, it } from 'vitest';
import { askedFacts, outcomeFacts } from './asked';

/** The facts as an object, in which a test can look one up. */
const byName = (facts: ReturnType<typeof askedFacts>) => Object.fromEntries(facts.map(({ name, value }) => [name, value]));

describe('askedFacts', () => {
  it('says the settings of a training, with the defaults for what was left out', () => {
    const settings = { feedback: 'IMPLICIT', rank: 8, iterations: 0, weights: null, halfLife: 0, seed: 7 };
    expect(byName(askedFacts('TRAIN', { settings, evaluate: true, publish: false }))).toEqual({
      'Learned from': 'everything people do',
      Rank: '8',
      Sweeps: '12',
      'Unobserved weight w₀': '0.1',
      'Regularization λ': '0.003',
      'Exponent ν': '1',
      Confidence: 'VIEW=1, CLICK=1, CART=3, PURCHASE=5, LIKE=4, RATING=4',
      'Half-life': 'none',
      Solver: 'exact',
      Seed: '7',
      'Measure on held-out events': 'yes',
      'Publish when done': 'no',
    });
    expect(byName(askedFacts('TRAIN', { settings: { weights: { VIEW: 2 } } })).Confidence).toBe('VIEW=2');
    expect(byName(askedFacts('TRAIN', { settings: { feedback: 'EXPLICIT' } }))).toMatchObject({ Rank: '32', 'Exponent ν': '0.5' });
  });

  it('says what a search tries', () => {
    const grid = { ranks: [8, 16], regs: [], unobservedWeights: [0.1, 1] };
    expect(byName(askedFacts('TRAIN', { settings: {}, grid }))).toMatchObject({
      Search: 'every point; the best is kept',
      Rank: 'searched: 8, 16',
      'Unobserved weight w₀': 'searched: 0.1, 1',
      'Regularization λ': '0.003',
    });
    expect(byName(askedFacts('TRAIN', { settings: {}, tune: 24 })).Search).toBe('up to 24 settings, beginning with these');
  });

  it('leaves out the settings where the published model’s stay', () => {
    expect(askedFacts('TRAIN', { settings: { rank: 8 }, incremental: true, publish: true })).toEqual([
      { name: 'Way', value: 'continues the published model, with its settings' },
      { name: 'Publish when done', value: 'yes, unless it is worse than what serves' },
    ]);
  });

  it('says the files of an import and not where they lie', () => {
    const files = [{ role: '', name: 'ratings.csv', path: '/data/1' }, { role: 'users', name: 'u.csv', path: '/data/2' }];
    expect(byName(askedFacts('IMPORT', { source: 'csv', files, dryRun: true, continueOnError: false }))).toEqual({
      Format: 'csv',
      Files: 'ratings.csv, u.csv (users)',
      'Only check': 'yes',
      'Keep the good rows although some are rejected': 'no',
    });
  });

  it('has nothing to say of nothing, and the bare fields of what it does not know', () => {
    expect(askedFacts('TRAIN', null)).toEqual([]);
    expect(askedFacts('EVALUATE', { n: 1, at: [2] })).toEqual([{ name: 'n', value: '1' }, { name: 'at', value: '[2]' }]);
  });
});

describe('outcomeFacts', () => {
  it('says where the model is and whether it serves', () => {
    expect(byName(outcomeFacts('TRAIN', { modelId: 'm1', snapshot: 'train-m1', published: false, missing: [{}] }))).toEqual({
      Model: 'm1',
      Published: 'no',
      'Snapshot of the events': 'train-m1',
      'Files that it lacks': '1',
    });
    expect(byName(outcomeFacts('PUBLISH', { modelId: 'm1', lists: 12 }))).toEqual({ Model: 'm1', 'Lists stored': '12' });
  });

  it('leaves out what a training that failed has not made', () => {
    expect(outcomeFacts('TRAIN', { modelId: '', snapshot: 'train-m1', published: false })).toEqual([
      { name: 'Snapshot of the events', value: 'train-m1' },
    ]);
    expect(outcomeFacts('TRAIN', null)).toEqual([]);
  });
});
