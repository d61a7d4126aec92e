import type { RunKind, SettingsFieldsFragment } from '../api/generated/studio/graphql';
import { settingsRows } from './settings';
import { defaults, type TrainOutput, usualWeights } from './training';

/** One thing in words, under its name. */
export interface Fact {
  name: string;
  value: string;
}

/** The input of a TRAIN run; what is zero or left out takes the default. */
interface TrainAsked {
  settings?: Partial<Omit<SettingsFieldsFragment, 'weights'>> & { weights?: Record<string, number> | null };
  grid?: { ranks?: number[]; regs?: number[]; iterations?: number[]; unobservedWeights?: number[] } | null;
  tune?: number;
  incremental?: boolean;
  evaluate?: boolean;
  publish?: boolean;
}

interface ImportAsked {
  source?: string;
  files?: { role: string; name: string }[];
  dryRun?: boolean;
  continueOnError?: boolean;
}

/** What a run was asked for, in words. */
export function askedFacts(kind: RunKind, input: unknown): Fact[] {
  if (!isRecord(input)) return [];
  switch (kind) {
    case 'TRAIN':
      return trainFacts(input);
    case 'IMPORT':
      return importFacts(input);
    case 'PUBLISH':
      return [fact('Model', input.modelId)];
    default:
      return Object.entries(input).map(([name, value]) => fact(name, value));
  }
}

/** What came out of a run, in words; an import's report has a part of its own. */
export function outcomeFacts(kind: RunKind, output: unknown): Fact[] {
  if (!isRecord(output)) return [];
  if (kind === 'PUBLISH') return [fact('Model', output.modelId), fact('Lists stored', output.lists)];
  if (kind !== 'TRAIN') return Object.entries(output).map(([name, value]) => fact(name, value));
  const { modelId, snapshot, missing, published } = output as TrainOutput & { snapshot?: string; missing?: unknown[] };
  return [
    ...(modelId ? [fact('Model', modelId), fact('Published', yesOrNo(published))] : []),
    ...(snapshot ? [fact('Snapshot of the events', snapshot)] : []),
    ...(missing?.length ? [fact('Files that it lacks', missing.length)] : []),
  ];
}

function trainFacts({ settings = {}, grid, tune, incremental, evaluate, publish }: TrainAsked): Fact[] {
  const published = fact('Publish when done', publish ? 'yes, unless it is worse than what serves' : 'no');
  if (incremental) return [fact('Way', 'continues the published model, with its settings'), published];
  const searched: Record<string, number[] | undefined> = grid
    ? { Rank: grid.ranks, Sweeps: grid.iterations, 'Unobserved weight w₀': grid.unobservedWeights, 'Regularization λ': grid.regs }
    : {};
  const rows = settingsRows(withDefaults(settings)).map(({ name, value }) => {
    const points = searched[name];
    return fact(name, points?.length ? `searched: ${points.join(', ')}` : value);
  });
  return [
    ...(tune ? [fact('Search', `up to ${tune} settings, beginning with these`)] : []),
    ...(grid ? [fact('Search', 'every point; the best is kept')] : []),
    ...rows,
    fact('Measure on held-out events', yesOrNo(evaluate)),
    published,
  ];
}

function withDefaults({ weights, ...settings }: NonNullable<TrainAsked['settings']>): SettingsFieldsFragment {
  const feedback = settings.feedback || 'IMPLICIT';
  const usual = defaults[feedback];
  const counts = weights && Object.keys(weights).length > 0 ? weights : usualWeights;
  return {
    feedback,
    rank: settings.rank || Number(usual.rank),
    iterations: settings.iterations || Number(usual.iterations),
    unobservedWeight: settings.unobservedWeight || Number(usual.unobservedWeight),
    reg: settings.reg || Number(usual.reg),
    regExponent: settings.regExponent || Number(usual.regExponent),
    weights: Object.entries(counts).map(([type, weight]) => `${type}=${weight}`).join(','),
    halfLife: settings.halfLife ?? 0,
    binary: settings.binary ?? false,
    fast: settings.fast ?? false,
    seed: settings.seed || 1,
  };
}

function importFacts({ source, files = [], dryRun, continueOnError }: ImportAsked): Fact[] {
  return [
    ...(source ? [fact('Format', source)] : []),
    fact(files.length === 1 ? 'File' : 'Files', files.map(({ name, role }) => (role ? `${name} (${role})` : name)).join(', ')),
    fact('Only check', yesOrNo(dryRun)),
    fact('Keep the good rows although some are rejected', yesOrNo(continueOnError)),
  ];
}

function fact(name: string, value: unknown): Fact {
  return { name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) };
}

function yesOrNo(is: boolean | undefined): string {
  return is ? 'yes' : 'no';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
