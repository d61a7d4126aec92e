import { describe, expect, it } from 'vitest';
import { armRows, decisionWords, type Experiment, evidence, ruleChoices, signed } from './experiments';

const arm = (clicks: number, value: number) => ({
  designEffect: 2,
  rate: { value, low: value / 2, high: value * 2 },
  funnel: { impressions: 1000, clicks, carts: 0, purchases: 0 },
});

function experiment(change: Partial<Experiment['verdict']> = {}, kind: Experiment['kind'] = 'SPLIT'): Experiment {
  return {
    number: 1,
    name: 'x',
    kind,
    goal: 'CLICK',
    minimumEffect: 0.1,
    startedAt: '2026-11-26T00:00:00Z',
    stoppedAt: null,
    arms: [
      { modelId: null, rules: 0, share: 0.5 },
      { modelId: 'm2', rules: 3, share: 0.5 },
    ],
    verdict: {
      at: '2026-11-26T00:00:00Z',
      decision: 'NOT_ENOUGH',
      needed: 12000,
      secondIsBetter: 0.9,
      lift: { value: 0.5, low: -0.1, high: 1.2 },
      difference: null,
      arms: [arm(20, 0.02), arm(30, 0.03)],
      ...change,
    },
  };
}

describe('armRows', () => {
  it('counts hits per product seen, or shares of all hits', () => {
    expect(armRows(experiment()).map(({ name, hits, trials }) => [name, hits, trials])).toEqual([
      ['A · Published model · rules in force', 20, 1000],
      ['B · m2 · rules 3', 30, 1000],
    ]);
    expect(armRows(experiment({}, 'INTERLEAVE')).map(({ trials }) => trials)).toEqual([50, 50]);
  });
});

describe('the verdict in words', () => {
  it('says what is still needed', () => {
    expect(decisionWords(experiment())).toBe('Not enough yet: about 12,000 more products seen are needed');
    expect(decisionWords(experiment({ needed: null }))).toMatch(/too little has happened/);
    expect(decisionWords(experiment({ decision: 'SECOND_BETTER', needed: 0 }))).toBe('B is better');
  });
  it('names the interval and how much people differ', () => {
    expect(evidence(experiment())).toBe(
      'B compared with A: +50.0%, between −10.0% and +120.0% however often one looks. ' +
        'Today one would believe with 90.0% that B is better. People differ, so counts weigh 2.0 times less.',
    );
    expect(evidence(experiment({ lift: null }))).toMatch(/^Neither arm/);
    expect(signed(0)).toBe('+0.0%');
  });
});

describe('ruleChoices', () => {
  it('offers what is in force and each version by its note', () => {
    const books = [
      { version: 2, note: 'summer' },
      { version: 1, note: null },
    ];
    expect(ruleChoices(books).map(({ value, label }) => [value, label])).toEqual([
      ['0', 'in force'],
      ['2', '2 · summer'],
      ['1', '1'],
    ]);
  });
});
