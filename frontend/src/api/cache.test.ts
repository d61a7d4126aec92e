import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { embeddedTypes } from './cache';

const folder = '../graph/schema';
const schema = buildSchema(
  readdirSync(folder)
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n'),
);

describe('the cache', () => {
  it('knows every type of the schema that has no id', () => {
    const withoutId = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => !type.name.startsWith('__') && !('id' in type.getFields()))
      .map((type) => type.name)
      // The cache treats operations, connections and payloads as embedded of itself.
      .filter((name) => !/^(Query|Mutation|Subscription|PageInfo|.*(Connection|Edge|Payload))$/.test(name));
    expect([...embeddedTypes].toSorted()).toEqual(withoutId.toSorted());
  });
});
