import type { EvaluationFieldsFragment, ModelFieldsFragment } from '../api/generated/studio/graphql';

/** Metrics to look at, by field, and what each says in plain words. */
export const metrics = {
  ndcg: { name: 'NDCG', meaning: 'How high in the list stands what people went on to choose; 1 is perfect.' },
  recall: { name: 'Recall', meaning: 'The part of what people went on to choose that the list holds.' },
  map: { name: 'MAP', meaning: 'How many of the list’s places up to each hit were hits too.' },
  hitRate: { name: 'Hit rate', meaning: 'The part of people for whom the list holds at least one hit.' },
} as const;

/** A metric's field. */
export type MetricName = keyof typeof metrics;

/** What held-out events say of one contender. */
export type Report = EvaluationFieldsFragment['reports'][number];

/** The reports to show: this model, the other one, then the baselines. */
export function contenders(
  model: Pick<ModelFieldsFragment, 'evaluation'>,
  other?: Pick<ModelFieldsFragment, 'evaluation' | 'modelId'>,
): Report[] {
  const [mine, ...baselines] = model.evaluation?.reports ?? [];
  if (!mine) return [];
  const theirs = other?.evaluation?.reports[0];
  return [{ ...mine, name: 'this model' }, ...(theirs && other ? [{ ...theirs, name: other.modelId }] : []), ...baselines];
}

/** The list lengths that were measured, shortest first. */
export function cuts(reports: Report[]): number[] {
  return [...new Set(reports.flatMap(({ metrics }) => metrics.map(({ k }) => k)))].toSorted((a, b) => a - b);
}
