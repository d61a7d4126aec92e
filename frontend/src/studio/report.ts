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
  read: number;
  created: number;
  updated: number;
  exists: number;
  conflict: number;
  erased: number;
}

/** The output of an IMPORT run. */
export interface Report {
  source: string;
  applied: boolean;
  products: Counts;
  users: Counts;
  interactions: Counts;
  rejected: number;
  /** Rejected rows by reason. */
  reasons: Record<string, number>;
  /** The first of them. */
  rejects: Reject[];
  /** What is worth knowing, like columns that were ignored. */
  notes: string[];
}

/** Whether a run's output is an import report. */
export function isImportReport(output: unknown): output is Report {
  return typeof output === 'object' && output !== null && 'rejected' in output && 'interactions' in output;
}

/** The report's numbers with their names; zeros are left out but for the rows read. */
export function reportNumbers(report: Report): { name: string; value: number }[] {
  const kinds = { products: report.products, users: report.users, interactions: report.interactions };
  const numbers = Object.entries(kinds).flatMap(([kind, counts]) => [
    { name: `${kind} read`, value: counts.read },
    { name: `${kind} new`, value: counts.created },
    { name: `${kind} changed`, value: counts.updated },
    { name: `${kind} known already`, value: counts.exists },
    { name: `${kind} in conflict`, value: counts.conflict },
    { name: `${kind} of erased users`, value: counts.erased },
  ]);
  return [...numbers, { name: 'rejected rows', value: report.rejected }].filter(({ value }) => value > 0);
}
