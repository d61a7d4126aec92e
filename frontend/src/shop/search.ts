import type { ProductOrder } from '../api/generated/shop/graphql';

/** What the browse page lists; all of it stands in the address. */
export interface BrowseSearch {
  q?: string;
  category?: string;
  vendor?: string;
  order?: ProductOrder;
}

const orders: ProductOrder[] = ['TITLE', 'NEWEST', 'PRICE'];

/** The browse page's search parameters from an address; what makes no sense is left out. */
export function parseBrowseSearch(search: Record<string, unknown>): BrowseSearch {
  const order = orders.find((order) => order === search.order);
  return {
    ...text('q', search.q),
    ...text('category', search.category),
    ...text('vendor', search.vendor),
    ...(order && order !== 'TITLE' ? { order } : {}),
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
