import type { ProductOrder } from '../api/generated/shop/graphql';

/** What the browse page lists; all of it stands in the address. */
export interface BrowseSearch {
  q?: string;
  category?: string;
  vendor?: string;
  order?: ProductOrder;
}

const orders: ProductOrder[] = ['MATCH', 'TITLE', 'NEWEST', 'PRICE'];

/** The order of a list where none is chosen: of a search the best match first. */
export function usualOrder({ q }: BrowseSearch): ProductOrder {
  return q ? 'MATCH' : 'TITLE';
}

/** The browse page's search parameters from an address; what makes no sense is left out. */
export function parseBrowseSearch(search: Record<string, unknown>): BrowseSearch {
  const words = text('q', search.q);
  const order = orders.find((order) => order === search.order && (order !== 'MATCH' || words.q));
  return {
    ...words,
    ...text('category', search.category),
    ...text('vendor', search.vendor),
    ...(order && order !== usualOrder(words) ? { order } : {}),
  };
}

/** A non-empty parameter; numbers in an address were words to the person who typed them. */
function text<Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> {
  const words = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return words ? ({ [key]: words } as Record<Key, string>) : {};
}

/** The search parameter that credits a visit to the list that led to it. */
export interface ProductSearch {
  from?: string;
}

/** The product page's search parameters from an address. */
export function parseProductSearch(search: Record<string, unknown>): ProductSearch {
  return text('from', search.from);
}
