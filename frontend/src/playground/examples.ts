import live from './queries/live.graphql?raw';
import models from './queries/models.graphql?raw';
import products from './queries/products.graphql?raw';
import rate from './queries/rate.graphql?raw';
import recommendations from './queries/recommendations.graphql?raw';
import shelves from './queries/shelves.graphql?raw';

/** A prepared operation of the playground. */
export interface Example {
  query: string;
  /** JSON. */
  variables?: string;
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2);

/** The operations that a new visitor finds as tabs, in order. */
export const examples: Example[] = [
  { query: recommendations },
  { query: live },
  { query: rate, variables: pretty({ productId: 'p0001', stars: 4.5, eventId: 'playground-1' }) },
  { query: products, variables: pretty({ filter: { search: 'trail' }, after: null }) },
  { query: shelves },
  { query: models },
];
