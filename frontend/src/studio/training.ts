import type { Feedback, TrainingInput } from '../api/generated/studio/graphql';

/** The training form as people fill it in; empty fields take the server's default. */
export interface TrainingForm {
  feedback: Feedback;
  rank: string;
  iterations: string;
  unobservedWeight: string;
  reg: string;
  halfLife: string;
  weights: string;
  seed: string;
  search: boolean;
  ranks: string;
  regs: string;
  searchIterations: string;
  unobservedWeights: string;
  evaluate: boolean;
  publish: boolean;
}

/** A form with nothing filled in. */
export const emptyForm: TrainingForm = {
  feedback: 'IMPLICIT',
  rank: '',
  iterations: '',
  unobservedWeight: '',
  reg: '',
  halfLife: '',
  weights: '',
  seed: '',
  search: false,
  ranks: '32, 64',
  regs: '0.003, 0.01',
  searchIterations: '',
  unobservedWeights: '0.03, 0.1, 0.3',
  evaluate: true,
  publish: true,
};

/** What a field is by default, shown where it is empty. */
export const defaults: Record<Feedback, Record<'rank' | 'iterations' | 'unobservedWeight' | 'reg', string>> = {
  IMPLICIT: { rank: '64', iterations: '12', unobservedWeight: '0.1', reg: '0.003' },
  EXPLICIT: { rank: '32', iterations: '15', unobservedWeight: '', reg: '1.5' },
};

/** The most points a search may have. */
export const maxPoints = 1000;

/** Reads numbers separated by commas or spaces; null when one is not a number above zero. */
export function parseNumbers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return numbers.every((value) => Number.isFinite(value) && value > 0) ? numbers : null;
}

/** How many trainings a search makes; null when a list cannot be read. */
export function searchPoints(form: TrainingForm): number | null {
  const lists = [form.ranks, form.regs, form.searchIterations];
  if (form.feedback === 'IMPLICIT') lists.push(form.unobservedWeights);
  let points = 1;
  for (const list of lists.map(parseNumbers)) {
    if (!list) return null;
    points *= Math.max(1, list.length);
  }
  return points;
}

/** Numbers of the form that are not acceptable, by field. */
export function problems(form: TrainingForm): Partial<Record<keyof TrainingForm, string>> {
  const found: Partial<Record<keyof TrainingForm, string>> = {};
  for (const field of ['rank', 'iterations'] as const) {
    if (form[field] !== '' && !/^[1-9]\d*$/.test(form[field].trim())) found[field] = 'A whole number from 1 up';
  }
  for (const field of ['unobservedWeight', 'reg'] as const) {
    if (form[field] !== '' && !(Number(form[field]) > 0)) found[field] = 'A number above 0';
  }
  if (form.halfLife !== '' && !(Number(form.halfLife) >= 0)) found.halfLife = 'Days, 0 or more';
  if (form.seed !== '' && !/^\d+$/.test(form.seed.trim())) found.seed = 'A whole number';
  if (!form.search) return found;
  for (const field of ['ranks', 'regs', 'searchIterations', 'unobservedWeights'] as const) {
    if (parseNumbers(form[field]) === null) found[field] = 'Numbers above 0, with commas between';
  }
  const points = searchPoints(form);
  if (points !== null && points > maxPoints) found.ranks = `At most ${maxPoints} points; these are ${points}`;
  return found;
}

/** The form as the API takes it. */
export function trainingInput(form: TrainingForm): TrainingInput {
  const implicit = form.feedback === 'IMPLICIT';
  return {
    feedback: form.feedback,
    rank: numberOrNothing(form.rank),
    iterations: numberOrNothing(form.iterations),
    unobservedWeight: implicit ? numberOrNothing(form.unobservedWeight) : undefined,
    reg: numberOrNothing(form.reg),
    halfLife: numberOrNothing(form.halfLife),
    weights: implicit && form.weights.trim() !== '' ? form.weights : undefined,
    seed: numberOrNothing(form.seed),
    grid: form.search
      ? {
          ranks: parseNumbers(form.ranks) ?? [],
          regs: parseNumbers(form.regs) ?? [],
          iterations: parseNumbers(form.searchIterations) ?? [],
          unobservedWeights: implicit ? (parseNumbers(form.unobservedWeights) ?? []) : [],
        }
      : undefined,
    evaluate: form.evaluate,
    publish: form.publish,
  };
}

function numberOrNothing(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}
