/** One row that an import refused. */
export interface Reject {
  file: string;
  line: number;
  field: string;
  value: string;
  reason: string;
}

/** What rows of one kind came to. */
interface Counts {
  rows: number;
  created?: number;
  updated?: number;
  exists?: number;
  conflict?: number;
}

/** The output of an IMPORT run. */
export interface Report {
  dryRun: boolean;
  applied: boolean;
  products: Counts;
  users: Counts;
  interactions: Counts;
  rejected: number;
  /** Rejected rows by reason. */
  reasons?: Record<string, number>;
  /** The first of them. */
  rejects?: Reject[];
}

/** Whether a run's output is an import report. */
export function isImportReport(output: unknown): output is Report {
  return typeof output === 'object' && output !== null && 'rejected' in output && 'interactions' in output;
}

/** The report's numbers with their names; zeros are left out but for the rows read. */
export function reportNumbers(report: Report): { name: string; value: number }[] {
  const kinds = { products: report.products, users: report.users, interactions: report.interactions };
  const numbers = Object.entries(kinds).flatMap(([kind, counts]) => [
    { name: `${kind} read`, value: counts.rows },
    { name: `${kind} new`, value: counts.created ?? 0 },
    { name: `${kind} changed`, value: counts.updated ?? 0 },
    { name: `${kind} known already`, value: counts.exists ?? 0 },
    { name: `${kind} in conflict`, value: counts.conflict ?? 0 },
  ]);
  return [...numbers, { name: 'rows rejected', value: report.rejected }].filter(({ value }) => value > 0);
}
