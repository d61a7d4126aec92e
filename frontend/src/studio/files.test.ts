import { describe, expect, it } from 'vitest';
import { filesProblem, guessSource, recognise, roleOf } from './files';

describe('recognise', () => {
  it('knows a MovieLens folder and leaves the rest of it alone', () => {
    const names = ['ratings.csv', 'movies.csv', 'tags.csv', 'links.csv', 'README.txt', 'users.dat'];
    expect(names.map((name) => recognise('movielens', name))).toEqual([
      'interactions', 'products', 'tags', 'unused', 'unused', 'users',
    ]);
  });
  it('goes by the first word in plain tables', () => {
    const names = ['products.csv', 'Items-2026.csv.gz', 'users.jsonl', 'userevents.csv', 'orders.parquet', 'readme.md'];
    expect(names.map((name) => recognise('csv', name))).toEqual([
      'products', 'products', 'users', 'interactions', 'interactions', 'unused',
    ]);
  });
  it('takes any name for Online Retail', () => {
    expect(recognise('online-retail', 'users.csv')).toBe('interactions');
  });
});

describe('guessSource', () => {
  it('tells formats by the names of their files', () => {
    expect(guessSource(['links.csv', 'ratings.csv'])).toBe('movielens');
    expect(guessSource(['Online Retail.csv'])).toBe('online-retail');
    expect(guessSource(['products.csv', 'interactions.csv.gz'])).toBe('csv');
    expect(guessSource(['a.ndjson'])).toBe('jsonl');
    expect(guessSource(['interactions.parquet'])).toBe('parquet');
  });
  it('does not guess from what says nothing', () => {
    expect(guessSource(['notes.txt'])).toBeUndefined();
    expect(guessSource([])).toBeUndefined();
  });
});

describe('roleOf', () => {
  it('leaves names to a format that goes by them', () => {
    expect(roleOf('movielens', 'ratings.csv', 'interactions')).toBe('');
    expect(roleOf('movielens', 'tags.csv', 'tags')).toBe('');
  });
  it('names the role where names say nothing, or were overruled', () => {
    expect(roleOf('csv', 'orders.csv', 'interactions')).toBe('interactions');
    expect(roleOf('movielens', 'my.csv', 'interactions')).toBe('interactions');
  });
});

describe('filesProblem', () => {
  it('wants each table once and at least one', () => {
    expect(filesProblem(['interactions', 'products', 'unused'])).toBeUndefined();
    expect(filesProblem(['products', 'products'])).toMatch(/^Two files are products/);
    expect(filesProblem(['tags', 'unused'])).toMatch(/^None of these/);
  });
});
