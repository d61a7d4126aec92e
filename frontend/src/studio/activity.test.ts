import { describe, expect, it } from 'vitest';
import { activityRows, activitySummary, type Day, formatDay } from './activity';

const day = (name: string, views: number, likes = 0): Day => ({
  day: name,
  counts: [
    { type: 'VIEW', count: views },
    { type: 'LIKE', count: likes },
  ],
});

/** So many days from 1 January 2026 on, a view on each. */
const quiet = (count: number) =>
  Array.from({ length: count }, (_, index) => day(new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10), 1));

describe('activityRows', () => {
  it('has a row a day and the types that occur, the ground of the stack first', () => {
    expect(activityRows([day('2026-11-22', 4), day('2026-11-23', 2, 1)])).toEqual({
      rows: [
        { day: '2026-11-22', VIEW: 4, LIKE: 0 },
        { day: '2026-11-23', VIEW: 2, LIKE: 1 },
      ],
      types: ['LIKE', 'VIEW'],
    });
  });
  it('is empty for nothing', () => {
    expect(activityRows([])).toEqual({ rows: [], types: [] });
    expect(activityRows([day('2026-11-22', 0)]).types).toEqual([]);
  });
  it('counts by whole weeks, back from the last day, where days are many', () => {
    const { rows } = activityRows(quiet(365));
    expect(rows).toHaveLength(52);
    expect(rows[0]).toEqual({ day: '2026-01-02', VIEW: 7, LIKE: 0 });
    expect(rows.at(-1)).toEqual({ day: '2026-12-25', VIEW: 7, LIKE: 0 });
  });
});

describe('formatDay', () => {
  it('names the day it is given, whatever the zone', () => {
    expect(formatDay('2026-08-27', 'en-GB')).toBe('27 Aug');
  });
});

describe('activitySummary', () => {
  it('says how much there was and when most', () => {
    expect(activitySummary([day('2026-11-22', 1200), day('2026-11-23', 20, 3)], 1223, 'en-GB')).toBe(
      '1,223 events; most on 22 Nov (1,200).',
    );
  });
  it('says how many events there are besides', () => {
    expect(activitySummary([day('2026-11-22', 89)], 396_426, 'en-GB')).toBe('89 of 396,426 events; most on 22 Nov (89).');
  });
  it('says when there was nothing', () => {
    expect(activitySummary([], 0)).toBe('No events.');
  });
});
