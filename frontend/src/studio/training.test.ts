import { describe, expect, it } from 'vitest';
import { askedOf, emptyForm, parseNumbers, problems, searchPoints, trainingInput, tunes, withFeedback } from './training';

const search = { ...emptyForm, search: true, searchBy: 'GRID' as const };

describe('parseNumbers', () => {
  it('takes commas, semicolons and spaces', () => {
    expect(parseNumbers('32, 64;128  256')).toEqual([32, 64, 128, 256]);
    expect(parseNumbers(' ')).toEqual([]);
  });
  it('refuses words, zero and what is below', () => {
    expect([parseNumbers('32, many'), parseNumbers('0'), parseNumbers('-1')]).toEqual([null, null, null]);
  });
});

describe('searchPoints', () => {
  it('multiplies the lists; an empty one keeps the single setting', () => {
    expect(searchPoints({ ...search, ranks: '32, 64', regs: '0.01', searchIterations: '', unobservedWeights: '0.1 0.3 1' })).toBe(6);
  });
  it('leaves out w₀ for stars, and is unknown while a list cannot be read', () => {
    expect(searchPoints({ ...search, feedback: 'EXPLICIT', ranks: '32', regs: '1 2', unobservedWeights: 'x' })).toBe(2);
    expect(searchPoints({ ...search, ranks: 'x' })).toBeNull();
  });
});

describe('problems', () => {
  it('has none with an empty form', () => {
    expect(problems(emptyForm)).toEqual({});
    expect(problems(search)).toEqual({});
  });
  it('names the fields that are wrong', () => {
    const form = { ...emptyForm, rank: '1.5', iterations: '0', reg: '-1', halfLife: 'soon', seed: 'x', weights: { VIEW: '-1' } };
    expect(Object.keys(problems(form)).toSorted()).toEqual(['halfLife', 'iterations', 'rank', 'reg', 'seed', 'weights']);
  });
  it('does not mind what is not shown', () => {
    expect(problems({ ...emptyForm, feedback: 'EXPLICIT', unobservedWeight: 'x', halfLife: 'x', weights: { VIEW: 'x' } })).toEqual({});
    expect(problems({ ...emptyForm, ranks: 'x' })).toEqual({});
  });
  it('bounds a search', () => {
    const many = Array.from({ length: 40 }, (_, index) => index + 1).join(',');
    expect(problems({ ...search, ranks: many, regs: many }).ranks).toBe('At most 1000 points; these are 4800');
  });
});

describe('tunes', () => {
  const tuned = { ...emptyForm, search: true };
  it('searches by itself unless lists are wanted, and never for stars', () => {
    expect([tunes(tuned), tunes(search), tunes(emptyForm), tunes({ ...tuned, feedback: 'EXPLICIT' })]).toEqual([true, false, false, false]);
  });
  it('sends its budget and no lists', () => {
    const input = trainingInput({ ...tuned, budget: '30' });
    expect([input.tune, input.grid]).toEqual([30, undefined]);
    expect(trainingInput(search).tune).toBeUndefined();
  });
  it('bounds the budget', () => {
    expect(problems({ ...tuned, budget: '3' }).budget).toBe('A whole number from 4 to 256');
    expect(problems({ ...tuned, ranks: 'x' })).toEqual({});
  });
});

describe('withFeedback', () => {
  it('searches λ around what suits the other kind of evidence', () => {
    expect(withFeedback(emptyForm, 'EXPLICIT')).toEqual({ ...emptyForm, feedback: 'EXPLICIT', regs: '0.5, 1.5, 4' });
    expect(withFeedback(withFeedback(emptyForm, 'EXPLICIT'), 'IMPLICIT')).toEqual(emptyForm);
  });
  it('keeps what was typed when nothing changes', () => {
    const form = { ...emptyForm, regs: '7' };
    expect(withFeedback(form, 'IMPLICIT')).toBe(form);
  });
});

describe('trainingInput', () => {
  it('leaves empty fields to the server', () => {
    expect(JSON.parse(JSON.stringify(trainingInput(emptyForm)))).toEqual({ feedback: 'IMPLICIT', evaluate: true, publish: true });
  });
  it('sends every confidence once one was changed', () => {
    expect(trainingInput({ ...emptyForm, weights: { VIEW: '0', LIKE: ' ' } }).weights).toBe(
      'VIEW=0,CLICK=1,CART=3,PURCHASE=5,LIKE=4,RATING=4',
    );
  });
  it('keeps confidence, w₀ and half-life out of a training on stars', () => {
    const form = { ...search, feedback: 'EXPLICIT' as const, rank: '16', unobservedWeight: '0.3', halfLife: '30', weights: { VIEW: '2' } };
    expect(JSON.parse(JSON.stringify(trainingInput(form)))).toEqual({
      feedback: 'EXPLICIT',
      rank: 16,
      grid: { ranks: [32, 64], regs: [0.003, 0.01], iterations: [], unobservedWeights: [] },
      evaluate: true,
      publish: true,
    });
  });
});

describe('askedOf', () => {
  it('takes the defaults for what was left out', () => {
    expect(askedOf(null)).toEqual({ feedback: 'IMPLICIT', sweeps: 12 });
    expect(askedOf({ settings: { feedback: 'EXPLICIT', iterations: 0 }, grid: null })).toEqual({ feedback: 'EXPLICIT', sweeps: 15 });
    expect(askedOf({ settings: { feedback: 'IMPLICIT', iterations: 20 } })).toEqual({ feedback: 'IMPLICIT', sweeps: 20 });
  });
  it('does not know the sweeps that a search decides', () => {
    expect(askedOf({ settings: { iterations: 20 }, grid: { iterations: [5, 10] } }).sweeps).toBe(0);
  });
});
