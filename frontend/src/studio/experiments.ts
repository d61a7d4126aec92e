import type { ExperimentFieldsFragment } from '../api/generated/studio/graphql';
import { formatNumber } from '../ui/format';
import { armName, formatRate } from './results';

/** An experiment as the page has it. */
export type Experiment = ExperimentFieldsFragment;

/** What decides, in words. */
export const goals = { CLICK: 'Clicks', CART: 'Carts', PURCHASE: 'Purchases' } as const;

/** What an arm shows, like `Model 2026… · rules 3`. */
export function armWords({ modelId, rules }: Experiment['arms'][number]): string {
  return `${modelId ?? 'Published model'} · ${rules === 0 ? 'rules in force' : `rules ${rules}`}`;
}

/** The rule books that an arm may show, like `3 · summer`; 0 is whichever is in force. */
export function ruleChoices(books: { version: number; note?: string | null }[]): { value: string; label: string }[] {
  const versions = books.map(({ version, note }) => ({ value: `${version}`, label: note ? `${version} · ${note}` : `${version}` }));
  return [{ value: '0', label: 'in force' }, ...versions];
}

/** Rows to compare the arms by: hits per product seen, or the arms' shares of all hits. */
export function armRows({ kind, goal, arms, verdict }: Experiment) {
  const count = { CLICK: 'clicks', CART: 'carts', PURCHASE: 'purchases' }[goal] as 'clicks';
  const all = verdict.arms.reduce((sum, { funnel }) => sum + funnel[count], 0);
  return verdict.arms.map(({ funnel, rate }, index) => ({
    name: `${armName(index)} · ${armWords(arms[index]!)}`,
    hits: funnel[count],
    trials: kind === 'SPLIT' ? funnel.impressions : all,
    rate: { value: (kind === 'SPLIT' ? funnel.impressions : all) > 0 ? rate.value : null, low: rate.low, high: rate.high },
  }));
}

/** A relative difference with its sign, like `+12.0%`. */
export function signed(part: number): string {
  return `${part < 0 ? '−' : '+'}${formatRate(Math.abs(part))}`;
}

/** The decision in a few words. */
export function decisionWords({ kind, verdict }: Experiment): string {
  const { decision, needed } = verdict;
  if (decision === 'FIRST_BETTER') return 'A is better';
  if (decision === 'SECOND_BETTER') return 'B is better';
  if (decision === 'NO_DIFFERENCE') return 'No difference worth finding';
  if (needed == null) return 'Not enough yet: too little has happened to say how long it will take';
  return `Not enough yet: about ${formatNumber(needed)} more ${kind === 'SPLIT' ? 'products seen' : 'hits'} are needed`;
}

/** What the decision rests on, in one sentence. */
export function evidence({ kind, verdict }: Experiment): string {
  const { lift, secondIsBetter, arms } = verdict;
  if (!lift) return 'Neither arm can be judged before both have hits.';
  const what = kind === 'SPLIT' ? 'B compared with A' : 'Odds of choosing from B rather than A';
  const effect = Math.max(...arms.map(({ designEffect }) => designEffect));
  const people = effect > 1.05 ? ` People differ, so counts weigh ${effect.toFixed(1)} times less.` : '';
  return (
    `${what}: ${signed(lift.value)}, between ${signed(lift.low)} and ${signed(lift.high)} however often one looks. ` +
    `Today one would believe with ${formatRate(secondIsBetter)} that B is better.${people}`
  );
}
