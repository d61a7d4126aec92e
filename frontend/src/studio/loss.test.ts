import { describe, expect, it } from 'vitest';
import { formatLoss, lossSummary, searchBoard } from './loss';

describe('formatLoss', () => {
  it('keeps four digits', () => {
    expect([formatLoss(135_664.3, 'en'), formatLoss(0.81234, 'en'), formatLoss(12, 'en')]).toEqual(['135.7K', '0.8123', '12']);
  });
});

describe('lossSummary', () => {
  it('tells where a curve began, where it is and by how much it fell', () => {
    const points = [
      { step: 1, loss: 200 },
      { step: 2, loss: 120 },
      { step: 3, loss: 100 },
    ];
    expect(lossSummary(points, 'en')).toBe('Loss 200 after sweep 1, 100 after sweep 3 (-50%).');
  });
  it('tells a lone point and none', () => {
    expect(lossSummary([{ step: 1, loss: 200 }], 'en')).toBe('Loss 200 after sweep 1.');
    expect(lossSummary([])).toBe('No sweep yet.');
  });
});

describe('searchBoard', () => {
  const points = [
    { series: 'rank 32', metric: 0.1 },
    { series: 'rank 64', metric: 0.3 },
    { series: 'rank 128', metric: null },
    { series: '', metric: 0.9 },
    { series: 'rank 32', metric: 0.2 },
  ];
  it('puts the best first and lets the last word count; the main curve and what is not known yet stay out', () => {
    expect(searchBoard(points, false)).toEqual([
      { series: 'rank 64', metric: 0.3 },
      { series: 'rank 32', metric: 0.2 },
    ]);
  });
  it('turns round where lower is better', () => {
    expect(searchBoard(points, true).map(({ series }) => series)).toEqual(['rank 32', 'rank 64']);
  });
});
