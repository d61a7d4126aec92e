import type { EventType } from '../api/generated/studio/graphql';

/** One day's counts as the schema has them. */
export interface Day {
  day: string;
  counts: { type: EventType; count: number }[];
}

/** A colour per type of event, light to dark by how much it says. */
export const eventColours: Record<EventType, string> = {
  IMPRESSION: 'gray.4',
  CLICK: 'gray.6',
  VIEW: 'petrol.3',
  CART: 'petrol.5',
  PURCHASE: 'petrol.7',
  RATING: 'amber.5',
  LIKE: 'amber.7',
  DISLIKE: 'red.5',
  HIDE: 'red.8',
};

/** Days as rows of a stacked chart, and the types that occur, commonest last. */
export function activityRows(days: Day[]): { rows: Record<string, string | number>[]; types: EventType[] } {
  const present = new Set(days.flatMap(({ counts }) => counts.filter(({ count }) => count > 0).map(({ type }) => type)));
  const types = (Object.keys(eventColours) as EventType[]).filter((type) => present.has(type)).toReversed();
  const rows = days.map(({ day, counts }) => ({
    day,
    ...Object.fromEntries(counts.map(({ type, count }) => [type, count])),
  }));
  return { rows, types };
}

/** The chart in words. */
export function activitySummary(days: Day[], locale?: string): string {
  const totals = days.map(({ day, counts }) => ({ day, total: counts.reduce((sum, { count }) => sum + count, 0) }));
  const total = totals.reduce((sum, each) => sum + each.total, 0);
  const busiest = totals.reduce((best, each) => (each.total > best.total ? each : best), { day: '', total: 0 });
  const number = new Intl.NumberFormat(locale);
  return `${number.format(total)} events; most on ${busiest.day} (${number.format(busiest.total)}).`;
}
