import type { Feedback, TrainingInput } from '../api/generated/studio/graphql';

/** Types of event that can be evidence of taste, with the confidence of one by default. */
export const usualWeights = { VIEW: '1', CLICK: '1', CART: '3', PURCHASE: '5', LIKE: '4', RATING: '4' } as const;

/** A type of event that can be evidence. */
export type Evidence = keyof typeof usualWeights;

/** The training form as people fill it in; empty fields take the server's default. */
export interface TrainingForm {
  feedback: Feedback;
  rank: string;
  iterations: string;
  unobservedWeight: string;
  reg: string;
  halfLife: string;
  /** Two steps of conjugate gradient a row instead of an exact solution. */
  fast: boolean;
  weights: Partial<Record<Evidence, string>>;
  seed: string;
  search: boolean;
  /** How to search: by itself within a budget, or every point of the lists. Stars know lists alone. */
  searchBy: 'TUNE' | 'GRID';
  budget: string;
  ranks: string;
  regs: string;
  searchIterations: string;
  unobservedWeights: string;
  evaluate: boolean;
  publish: boolean;
}

/** Fields of the form that hold one text. */
export type TextField = Exclude<keyof TrainingForm, 'feedback' | 'weights' | 'fast' | 'search' | 'searchBy' | 'evaluate' | 'publish'>;

/** A form with nothing filled in. */
export const emptyForm: TrainingForm = {
  feedback: 'IMPLICIT',
  rank: '',
  iterations: '',
  unobservedWeight: '',
  reg: '',
  halfLife: '',
  fast: false,
  weights: {},
  seed: '',
  search: false,
  searchBy: 'TUNE',
  budget: '24',
  ranks: '32, 64',
  regs: '0.003, 0.01',
  searchIterations: '',
  unobservedWeights: '0.03, 0.1, 0.3',
  evaluate: true,
  publish: true,
};

/** What a field is by default, shown where it is empty. */
export const defaults: Record<Feedback, Record<'rank' | 'iterations' | 'unobservedWeight' | 'reg' | 'regExponent', string>> = {
  IMPLICIT: { rank: '64', iterations: '12', unobservedWeight: '0.1', reg: '0.003', regExponent: '1' },
  EXPLICIT: { rank: '32', iterations: '15', unobservedWeight: '', reg: '1.5', regExponent: '0.5' },
};

/** The most points a search may have. */
export const maxPoints = 1000;

/** The form for the other kind of evidence: what suits only one of them starts anew. */
export function withFeedback(form: TrainingForm, feedback: Feedback): TrainingForm {
  if (feedback === form.feedback) return form;
  return { ...form, feedback, regs: feedback === 'EXPLICIT' ? '0.5, 1.5, 4' : emptyForm.regs };
}

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

/** What is not acceptable, by field; the fields of the form that are not shown do not count. */
export function problems(form: TrainingForm): Partial<Record<keyof TrainingForm, string>> {
  const implicit = form.feedback === 'IMPLICIT';
  const found: Partial<Record<keyof TrainingForm, string>> = {};
  for (const field of ['rank', 'iterations'] as const) {
    if (form[field].trim() !== '' && !/^[1-9]\d*$/.test(form[field].trim())) found[field] = 'A whole number from 1 up';
  }
  for (const field of implicit ? (['unobservedWeight', 'reg'] as const) : (['reg'] as const)) {
    if (form[field].trim() !== '' && !(Number(form[field]) > 0)) found[field] = 'A number above 0';
  }
  if (implicit && !(Number(form.halfLife) >= 0)) found.halfLife = 'Days, 0 or more';
  if (implicit && Object.values(form.weights).some((weight) => !(Number(weight) >= 0))) found.weights = 'Numbers from 0 up';
  if (form.seed.trim() !== '' && !/^\d+$/.test(form.seed.trim())) found.seed = 'A whole number';
  return form.search ? { ...found, ...searchProblems(form, implicit) } : found;
}

/** Whether the search finds its own points. */
export function tunes(form: TrainingForm): boolean {
  return form.search && form.feedback === 'IMPLICIT' && form.searchBy === 'TUNE';
}

function searchProblems(form: TrainingForm, implicit: boolean): ReturnType<typeof problems> {
  const found: ReturnType<typeof problems> = {};
  if (tunes(form)) {
    const budget = Number(form.budget);
    return Number.isInteger(budget) && budget >= 4 && budget <= 256 ? found : { budget: 'A whole number from 4 to 256' };
  }
  const lists = ['ranks', 'regs', 'searchIterations', ...(implicit ? ['unobservedWeights'] : [])] as TextField[];
  for (const field of lists) {
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
    halfLife: implicit ? numberOrNothing(form.halfLife) : undefined,
    fast: (implicit && form.fast) || undefined,
    weights: implicit ? weightsOf(form) : undefined,
    seed: numberOrNothing(form.seed),
    tune: tunes(form) ? Number(form.budget) : undefined,
    grid: form.search && !tunes(form)
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

/** Every type's confidence once one was changed, as the API reads it. */
function weightsOf({ weights }: TrainingForm): string | undefined {
  const changed = Object.entries(weights).filter(([, weight]) => weight.trim() !== '');
  if (changed.length === 0) return undefined;
  return Object.entries({ ...usualWeights, ...Object.fromEntries(changed) })
    .map(([type, weight]) => `${type}=${Number(weight)}`)
    .join(',');
}

function numberOrNothing(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

/** What a training puts out. */
export interface TrainOutput {
  modelId?: string;
  published?: boolean;
  /** Why it was not published although that was asked for. */
  refused?: string;
}

/** What a TRAIN run was asked for, as far as its chart needs it; 0 sweeps where a search decides. */
export function askedOf(input: unknown): { feedback: Feedback; sweeps: number } {
  const { settings, grid } = (input ?? {}) as {
    settings?: { feedback?: Feedback; iterations?: number };
    grid?: { iterations?: number[] | null } | null;
  };
  const feedback = settings?.feedback || 'IMPLICIT';
  const searched = (grid?.iterations ?? []).length > 0;
  return { feedback, sweeps: searched ? 0 : settings?.iterations || Number(defaults[feedback].iterations) };
}
