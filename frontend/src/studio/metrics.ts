import type { EvaluationFieldsFragment, ModelFieldsFragment } from '../api/generated/studio/graphql';

/** Metrics to look at, by field. */
export const metricNames = { ndcg: 'NDCG', recall: 'Recall', map: 'MAP', hitRate: 'Hit rate' } as const;

/** A metric's field. */
export type MetricName = keyof typeof metricNames;

type Report = EvaluationFieldsFragment['reports'][number];

/** The reports to show: this model, the other one, then the baselines. */
export function contenders(model: ModelFieldsFragment, other?: ModelFieldsFragment): Report[] {
  const [mine, ...baselines] = model.evaluation?.reports ?? [];
  if (!mine) return [];
  const theirs = other?.evaluation?.reports[0];
  return [{ ...mine, name: 'this model' }, ...(theirs && other ? [{ ...theirs, name: other.modelId }] : []), ...baselines];
}

/** The list lengths that were measured, shortest first. */
export function cuts(reports: Report[]): number[] {
  return [...new Set(reports.flatMap(({ metrics }) => metrics.map(({ k }) => k)))].toSorted((a, b) => a - b);
}
