import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { ProductsDocument } from '../api/generated/shop/graphql';
import { type BrowseSearch, usualOrder } from './search';

const pageLength = 30;

/** The products of a search so far, and the way to more. */
export function useProductPages({ q, category, vendor, order = usualOrder({ q }) }: BrowseSearch) {
  const filter = useMemo(() => ({ search: q, category, vendor }), [q, category, vendor]);
  const key = JSON.stringify([filter, order]);
  // The cursor belongs to one search; a new search starts at its first page.
  const [page, setPage] = useState<{ key: string; after: string | null }>({ key, after: null });
  const after = page.key === key ? page.after : null;
  const [{ data, error, fetching }, retry] = useQuery({
    query: ProductsDocument,
    variables: { filter, orderBy: order, first: pageLength, after },
    requestPolicy: 'cache-first',
  });
  const connection = data?.products;
  const { hasNextPage, endCursor } = connection?.pageInfo ?? {};
  return {
    products: connection?.edges.map(({ node }) => node) ?? [],
    totalCount: connection?.totalCount,
    error,
    fetching,
    retry: () => retry({ requestPolicy: 'network-only' }),
    more: hasNextPage && endCursor ? () => setPage({ key, after: endCursor }) : undefined,
  };
}
