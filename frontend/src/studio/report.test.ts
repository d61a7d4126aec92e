import { expect, test } from 'vitest';
import { isImportReport, type Report, reportNumbers } from './report';

const none = { read: 0, created: 0, updated: 0, exists: 0, conflict: 0, erased: 0 };
const report: Report = {
  source: 'csv', applied: true, products: { ...none, read: 3, created: 2, updated: 1 }, users: none,
  interactions: { ...none, read: 9, created: 8, exists: 1 }, rejected: 2, reasons: {}, rejects: [], notes: [],
};

test('numbers are named by what they count, and zeros are left out', () => {
  expect(reportNumbers(report)).toEqual([
    { name: 'products read', value: 3 },
    { name: 'products new', value: 2 },
    { name: 'products changed', value: 1 },
    { name: 'interactions read', value: 9 },
    { name: 'interactions new', value: 8 },
    { name: 'interactions known already', value: 1 },
    { name: 'rejected rows', value: 2 },
  ]);
});

test('an import report is told from what other runs put out', () => {
  expect(isImportReport(report)).toBe(true);
  expect([isImportReport({ modelId: 'm1' }), isImportReport(null), isImportReport('done')]).toEqual([false, false, false]);
});
