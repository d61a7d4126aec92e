import type { EventType } from '../api/generated/studio/graphql';

/** One day's counts as the schema has them. */
export interface Day {
  day: string;
  counts: { type: EventType; count: number }[];
}

/** A colour per type of event: what says most stands out most. */
export const eventColours: Record<EventType, string> = {
  IMPRESSION: 'var(--valse-line)',
  CLICK: 'gray.6',
  VIEW: 'petrol.2',
  CART: 'petrol.4',
  PURCHASE: 'petrol.6',
  RATING: 'amber.4',
  LIKE: 'amber.6',
  DISLIKE: 'red.4',
  HIDE: 'red.7',
};

/** Days in a row of a chart before it counts by weeks. */
const daysShown = 120;

/** Rows of a stacked chart, by day or, where they are many, by week; and the types that occur, the ground of the stack first. */
export function activityRows(days: Day[]): { rows: Record<string, string | number>[]; types: EventType[] } {
  const present = new Set(days.flatMap(({ counts }) => counts.filter(({ count }) => count > 0).map(({ type }) => type)));
  const types = (Object.keys(eventColours) as EventType[]).filter((type) => present.has(type)).toReversed();
  const rows = (days.length > daysShown ? weeks(days) : days).map(({ day, counts }) => ({
    day,
    ...Object.fromEntries(counts.map(({ type, count }) => [type, count])),
  }));
  return { rows, types };
}

/** Days by sevens, each under its first day; a rest at the start is left out, as it would look like a fall. */
function weeks(days: Day[]): Day[] {
  const full = days.slice(days.length % 7);
  return full.filter((_, index) => index % 7 === 0).map(({ day }, index) => {
    const sums = new Map<EventType, number>();
    for (const { type, count } of full.slice(7 * index, 7 * index + 7).flatMap(({ counts }) => counts)) {
      sums.set(type, (sums.get(type) ?? 0) + count);
    }
    return { day, counts: [...sums].map(([type, count]) => ({ type, count })) };
  });
}

/** A day of the chart's axis, like `27 Aug`. */
export function formatDay(day: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));
}

/** The chart in words; some of all events may be of other days. */
export function activitySummary(days: Day[], all: number, locale?: string): string {
  const totals = days.map(({ day, counts }) => ({ day, total: counts.reduce((sum, { count }) => sum + count, 0) }));
  const total = totals.reduce((sum, each) => sum + each.total, 0);
  const busiest = totals.reduce((best, each) => (each.total > best.total ? each : best), { day: '', total: 0 });
  if (total === 0) return 'No events.';
  const number = new Intl.NumberFormat(locale);
  const here = all > total ? `${number.format(total)} of ${number.format(all)} events` : `${number.format(total)} events`;
  return `${here}; most on ${formatDay(busiest.day, locale)} (${number.format(busiest.total)}).`;
}
