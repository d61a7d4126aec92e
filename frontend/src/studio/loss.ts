/** A loss in few digits, like `1.234M`. */
export function formatLoss(loss: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 4 }).format(loss);
}

/** A curve in words, for people who cannot see it. */
export function lossSummary(points: { step: number; loss: number }[], locale?: string): string {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return 'No sweep yet.';
  if (first === last) return `Loss ${formatLoss(first.loss, locale)} after sweep ${first.step}.`;
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'always' });
  const change = share.format(last.loss / first.loss - 1);
  return `Loss ${formatLoss(first.loss, locale)} after sweep ${first.step}, ${formatLoss(last.loss, locale)} after sweep ${last.step} (${change}).`;
}

/** A point of a search as the run tells it. */
interface SearchPoint {
  series: string;
  metric: number | null;
}

/** The tried settings of a search with their figures, the best first; the last word on each counts. */
export function searchBoard(points: SearchPoint[], lowerIsBetter: boolean): { series: string; metric: number }[] {
  const latest = new Map<string, number>();
  for (const { series, metric } of points) {
    if (series !== '' && metric !== null) latest.set(series, metric);
  }
  const board = [...latest].map(([series, metric]) => ({ series, metric }));
  return board.toSorted((a, b) => (lowerIsBetter ? a.metric - b.metric : b.metric - a.metric));
}
