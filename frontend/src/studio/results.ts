import type { FunnelFieldsFragment, RateFieldsFragment, ResultsQuery } from '../api/generated/studio/graphql';
import { formatNumber } from '../ui/format';

/** Steps that an impression may lead to, and what each is called. */
export const steps = {
  click: { name: 'Clicks', rate: 'clickRate', count: 'clicks', verb: 'were clicked' },
  cart: { name: 'Carts', rate: 'cartRate', count: 'carts', verb: 'went into a cart' },
  purchase: { name: 'Purchases', rate: 'purchaseRate', count: 'purchases', verb: 'were bought' },
} as const;

/** A step's key. */
export type StepName = keyof typeof steps;

/** What results are told apart by, and what each is called. */
export const groupings = { shelf: 'Shelf', model: 'Model', rules: 'Rules', arm: 'Experiment arm' } as const;

/** A grouping's key. */
export type Grouping = keyof typeof groupings;

/** What the address of the page says. */
export interface ResultsSearch {
  from?: string;
  to?: string;
  by?: Grouping;
  step?: StepName;
}

/** The page's search parameters from an address; what makes no sense is left out. */
export function parseResultsSearch(search: Record<string, unknown>): ResultsSearch {
  const kept: ResultsSearch = {};
  if (isDay(search.from)) kept.from = search.from;
  if (isDay(search.to)) kept.to = search.to;
  if (isKey(groupings, search.by) && search.by !== 'shelf') kept.by = search.by;
  if (isKey(steps, search.step) && search.step !== 'click') kept.step = search.step;
  return kept;
}

function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}

function isKey<Keys extends object>(keys: Keys, value: unknown): value is keyof Keys {
  return typeof value === 'string' && Object.hasOwn(keys, value);
}

/** The day so many days before another. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

/** A group of results as the schema has it. */
export type Group = ResultsQuery['results']['groups'][number];

/** What a group is called. */
export function groupName({ shelf, modelId, rules, experiment, arm }: Omit<Group, 'funnel'>): string {
  if (shelf) return shelfName(shelf);
  if (modelId != null) return modelId || 'No model';
  if (rules != null) return rules === 0 ? 'No rules' : `Rules ${rules}`;
  return `Experiment ${experiment}, arm ${armName(arm ?? 0)}`;
}

/** An arm by its letter. */
export function armName(arm: number): string {
  return String.fromCharCode(65 + arm);
}

/** A shelf's kind in words, like `Because you`. */
export function shelfName(kind: string): string {
  const words = kind.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A rate as a percentage with as many digits as it needs, like `2.4%`. */
export function formatRate(rate: number): string {
  return `${(100 * rate).toFixed(rate !== 0 && rate < 0.1 ? 2 : 1)}%`;
}

/** A rate with its interval, like `2.40% (1.90% to 3.02%)`. */
export function rateWords({ value, low, high }: RateFieldsFragment): string {
  if (value === null || value === undefined) return 'no impressions';
  return `${formatRate(value)} (${formatRate(low)} to ${formatRate(high)})`;
}

/** One day of the chart: the rate and its interval, both missing on a day without impressions. */
export interface RatePoint {
  day: string;
  value: number | null;
  interval: [number, number] | null;
}

/** The days of a chart for one step. */
export function ratePoints(days: ResultsQuery['results']['total']['days'], step: StepName): RatePoint[] {
  return days.map(({ day, funnel }) => {
    const { value, low, high } = funnel[steps[step].rate];
    return value == null ? { day, value: null, interval: null } : { day, value, interval: [low, high] };
  });
}

/** Why there is nothing to show, in words. */
export function whyEmpty({ events, purchases }: Pick<ResultsQuery['results'], 'events' | 'purchases'>): string {
  if (events === 0) return 'Nothing was recorded in these days at all. Choose other days, or open the shop and look around.';
  const bought = purchases > 0 ? `, ${formatNumber(purchases)} purchases among them` : '';
  return (
    `${formatNumber(events)} events were recorded in these days${bought}, but none names the list that led to it. ` +
    'The shop sends that by itself; another client has to give the list’s recommendationId back with its events. Imported events never count.'
  );
}

/** What all lists together led to, in one sentence. */
export function summary(funnel: FunnelFieldsFragment, purchases: number): string {
  const part = purchases > 0 ? ` They led to ${formatNumber(funnel.purchases)} of ${formatNumber(purchases)} purchases.` : '';
  return `Products came into view ${formatNumber(funnel.impressions)} times in lists; ${rateWords(funnel.clickRate)} were clicked.${part}`;
}
