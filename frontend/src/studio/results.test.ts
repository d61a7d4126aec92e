import { describe, expect, it } from 'vitest';
import { daysBefore, formatRate, groupName, parseResultsSearch, ratePoints, rateWords, whyEmpty } from './results';

const rate = (value: number | null) => ({ value, low: 0.1, high: 0.3 });
const funnel = (value: number | null) => ({ clickRate: rate(value), cartRate: rate(null), purchaseRate: rate(null) }) as never;

describe('parseResultsSearch', () => {
  it('keeps what makes sense and leaves defaults out', () => {
    expect(parseResultsSearch({ from: '2026-11-01', to: '2026-11-26', by: 'model', step: 'cart' })).toEqual({
      from: '2026-11-01',
      to: '2026-11-26',
      by: 'model',
      step: 'cart',
    });
    expect(parseResultsSearch({ from: 'yesterday', to: '2026-99-01', by: 'shelf', step: 'toString' })).toEqual({});
  });
});

describe('daysBefore', () => {
  it('counts over months', () => expect(daysBefore('2026-03-01', 28)).toBe('2026-02-01'));
});

describe('groupName', () => {
  it('calls groups by what they were told apart by', () => {
    expect(groupName({ shelf: 'BECAUSE_YOU' } as never)).toBe('Because you');
    expect(groupName({ modelId: '' } as never)).toBe('No model');
    expect(groupName({ modelId: 'm1' } as never)).toBe('m1');
    expect(groupName({ rules: 0 } as never)).toBe('No rules');
    expect(groupName({ experiment: 3, arm: 1 } as never)).toBe('Experiment 3, arm B');
  });
});

describe('rates', () => {
  it('are written with the digits they need', () => {
    expect([formatRate(0), formatRate(0.0123), formatRate(0.5)]).toEqual(['0.0%', '1.23%', '50.0%']);
    expect(rateWords(rate(0.2))).toBe('20.0% (10.0% to 30.0%)');
    expect(rateWords(rate(null))).toBe('no impressions');
  });
  it('leave a gap on days without impressions', () => {
    const days = [{ day: 'a', funnel: funnel(0.2) }, { day: 'b', funnel: funnel(null) }];
    expect(ratePoints(days, 'click')).toEqual([
      { day: 'a', value: 0.2, interval: [0.1, 0.3] },
      { day: 'b', value: null, interval: null },
    ]);
    expect(ratePoints(days, 'cart').every(({ value }) => value === null)).toBe(true);
  });
});

describe('whyEmpty', () => {
  it('tells no events from events that no list led to', () => {
    expect(whyEmpty({ events: 0, purchases: 0 })).toMatch(/^Nothing was recorded/);
    expect(whyEmpty({ events: 1200, purchases: 30 })).toMatch(/^1,200 events were recorded in these days, 30 purchases among them, but none/);
  });
});
