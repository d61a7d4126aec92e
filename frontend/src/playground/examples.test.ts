import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { examples } from './examples';

const folder = '../graph/schema';
const schema = buildSchema(
  readdirSync(folder)
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n'),
);

describe('the prepared operations', () => {
  it.each(examples)('fit the schema: $query', ({ query, variables }) => {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(() => JSON.parse(variables ?? '{}')).not.toThrow();
  });
});
