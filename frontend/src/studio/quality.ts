import type { ModelSummaryFragment } from '../api/generated/studio/graphql';

/** The one held-out figure that models of a kind are compared by. */
export interface Quality {
  metric: 'NDCG@20' | 'RMSE';
  value: number;
  baseline: number;
  baselineName: string;
}

/** The list length that implicit models are compared at. */
const cut = 20;

/** Whether nobody had an event to be found, as among a handful of them. */
export function measuresNobody({ testRmse, reports }: NonNullable<ModelSummaryFragment['evaluation']>): boolean {
  return !testRmse && reports[0]?.users === 0;
}

/** A model's quality beside its baseline; null when it was not measured. */
export function qualityOf(model: Pick<ModelSummaryFragment, 'settings' | 'evaluation'>): Quality | null {
  const { evaluation, settings } = model;
  if (!evaluation || measuresNobody(evaluation)) return null;
  if (settings.feedback === 'EXPLICIT') {
    if (!evaluation.testRmse) return null;
    return { metric: 'RMSE', value: evaluation.testRmse, baseline: evaluation.biasRmse ?? 0, baselineName: 'biases alone' };
  }
  const ndcg = (name: string) =>
    evaluation.reports.find((report) => report.name === name)?.metrics.find(({ k }) => k === cut)?.ndcg;
  const value = ndcg('model');
  if (value === undefined) return null;
  return { metric: 'NDCG@20', value, baseline: ndcg('popularity') ?? 0, baselineName: 'popularity' };
}

/** Whether the model beats its baseline. */
export function beatsBaseline({ metric, value, baseline }: Quality): boolean {
  return metric === 'RMSE' ? value < baseline : value > baseline;
}

/** How far a model is above its baseline in words, like `4.6× popularity` or `1.9% less error than biases alone`. */
export function lift({ metric, value, baseline, baselineName }: Quality, locale?: string): string {
  if (!(baseline > 0)) return `${baselineName} finds nothing`;
  if (metric === 'RMSE') {
    const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    return `${share.format(Math.abs(1 - value / baseline))} ${value < baseline ? 'less' : 'more'} error than ${baselineName}`;
  }
  return `${new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(value / baseline)}× ${baselineName}`;
}

/** How good a model is beside the best of those with the same metric, above 0 up to 1. */
export function standing(quality: Quality, all: Quality[]): number {
  const values = all.filter(({ metric }) => metric === quality.metric).map(({ value }) => value);
  return quality.metric === 'RMSE' ? Math.min(...values) / quality.value : quality.value / Math.max(...values);
}
