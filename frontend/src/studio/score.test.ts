import { describe, expect, it } from 'vitest';
import { describeCalibration, describeScore } from './score';

describe('describeScore', () => {
  it('shows two places of what is uncertain', () => {
    expect(describeScore(0.61234, 0.0812)).toBe('0.612 ± 0.081');
    expect(describeScore(4.31, 0.52)).toBe('4.31 ± 0.52');
    expect(describeScore(43.1, 12.4)).toBe('43 ± 12');
    expect(describeScore(0.5, 1e-9)).toBe('0.500000 ± 0.000000');
  });
  it('shows the score alone where nothing is known of its width', () => {
    expect(describeScore(0.61234, null)).toBe('0.612');
    expect(describeScore(0.61234, 0)).toBe('0.612');
  });
});

describe('describeCalibration', () => {
  it('says how many scores end within their widths', () => {
    expect(describeCalibration({ withinOne: 0.683, withinTwo: 0.954 })).toBe(
      '68% of scores end within one width and 95% within two (68% and 95% is right)',
    );
  });
});
