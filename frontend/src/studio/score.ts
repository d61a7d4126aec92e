/** A score with how far it may still move, to as many places as that leaves certain. */
export function describeScore(score: number, uncertainty: number | null | undefined): string {
  if (!uncertainty) return score.toPrecision(3);
  const places = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(uncertainty))));
  return `${score.toFixed(places)} ± ${uncertainty.toFixed(places)}`;
}

/** How the widths of a model's scores fared on people it was not fitted to. */
export function describeCalibration({ withinOne, withinTwo }: { withinOne: number; withinTwo: number }): string {
  return `${percent(withinOne)} of scores end within one width and ${percent(withinTwo)} within two (68% and 95% is right)`;
}

function percent(part: number): string {
  return `${Math.round(100 * part)}%`;
}
