import { describe, expect, it } from 'vitest';
import { operationOf } from './fetcher';

describe('the operation to run', () => {
  const two = 'query A { node(id: "a") { id } } subscription B { recommendations { at } }';

  it.each([
    ['the one that is named', two, 'B', 'subscription'],
    ['the only one, whatever another tab named', 'subscription B { recommendations { at } }', 'A', 'subscription'],
    ['the only one without a name', '{ viewer { role } }', undefined, 'query'],
  ])('is %s', (_, query, operationName, kind) => {
    expect(operationOf({ query, operationName })?.operation).toBe(kind);
  });

  it.each([
    ['not one of several without a name', two, 'C'],
    ['nothing of what is no GraphQL', 'subscription {', undefined],
  ])('is %s', (_, query, operationName) => {
    expect(operationOf({ query, operationName })).toBeUndefined();
  });
});
