import type { Feedback, SettingsFieldsFragment } from '../api/generated/studio/graphql';

/** One setting in words, beside another model's. */
export interface SettingsRow {
  name: string;
  value: string;
  otherValue: string | undefined;
  differs: boolean;
}

/** A model's settings as rows; what belongs to the other kind of feedback is left out. */
export function settingsRows(settings: SettingsFieldsFragment, other?: SettingsFieldsFragment): SettingsRow[] {
  const mine = describe(settings);
  const theirs = other && describe(other);
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs ?? {})])];
  return names.map((name) => {
    const value = mine[name] ?? '–';
    const otherValue = theirs ? (theirs[name] ?? '–') : undefined;
    return { name, value, otherValue, differs: otherValue !== undefined && otherValue !== value };
  });
}

/** What a model learned from, in words. */
export function describeFeedback(feedback: Feedback): string {
  return feedback === 'IMPLICIT' ? 'everything people do' : 'stars alone';
}

function describe(settings: SettingsFieldsFragment): Record<string, string> {
  const implicit = settings.feedback === 'IMPLICIT';
  return {
    'Learned from': describeFeedback(settings.feedback),
    Rank: String(settings.rank),
    Sweeps: String(settings.iterations),
    ...(implicit && { 'Unobserved weight w₀': String(settings.unobservedWeight) }),
    'Regularization λ': String(settings.reg),
    'Exponent ν': String(settings.regExponent),
    ...(implicit && {
      Confidence: settings.binary ? 'every pair counts 1' : settings.weights.replaceAll(',', ', '),
      'Half-life': settings.halfLife === 0 ? 'none' : `${settings.halfLife} days`,
      Solver: settings.fast ? 'fast' : 'exact',
    }),
    Seed: String(settings.seed),
  };
}
