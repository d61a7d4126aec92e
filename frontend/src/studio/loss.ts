/** A loss in few digits, like `1.234M`. */
export function formatLoss(loss: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 }).format(loss);
}

/** A curve in words, for people who cannot see it. */
export function lossSummary(points: { step: number; loss: number }[]): string {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return 'No sweep yet.';
  if (first === last) return `Loss ${formatLoss(first.loss)} after sweep ${first.step}.`;
  const change = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1, signDisplay: 'always' });
  return `Loss ${formatLoss(first.loss)} after sweep ${first.step}, ${formatLoss(last.loss)} after sweep ${last.step} (${change.format(last.loss / first.loss - 1)}).`;
}
