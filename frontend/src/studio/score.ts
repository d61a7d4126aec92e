/** A score with how far it may still move, to as many places as that leaves certain. */
export function describeScore(score: number, uncertainty: number | null | undefined): string {
  if (!uncertainty) return score.toPrecision(3);
  const places = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(uncertainty))));
  return `${score.toFixed(places)} ± ${uncertainty.toFixed(places)}`;
}
