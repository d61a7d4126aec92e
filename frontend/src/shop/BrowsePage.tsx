import { Button, Center, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { ShelvesDocument } from '../api/generated/shop/graphql';
import { formatNumber } from '../ui/format';
import { LinkButton } from '../ui/links';
import { EmptyState, ErrorState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import classes from './BrowsePage.module.css';
import { departmentOf, leafOf } from './departments';
import { Filters } from './Filters';
import { ProductCard } from './ProductCard';
import { ProductShelf } from './ProductShelf';
import type { BrowseSearch } from './search';
import { CardSkeleton } from './ShelfSkeleton';
import { useProductPages } from './useProductPages';

const route = getRouteApi('/shop/browse');

/** Products of a department, category, vendor or search, page by page. */
export function BrowsePage() {
  const search = route.useSearch();
  const title = titleOf(search);
  usePageTitle(title);
  const pages = useProductPages(search);
  return (
    <>
      <header className={classes.head}>
        <Title order={1}>{title}</Title>
        <Text c="dimmed" aria-live="polite" mih={24}>
          {pages.totalCount != null && `${formatNumber(pages.totalCount)} ${pages.totalCount === 1 ? 'product' : 'products'}`}
        </Text>
      </header>
      {search.category && !search.q && !search.vendor && <CategoryShelf category={search.category} />}
      <div className={classes.columns}>
        <Filters search={search} />
        <section aria-label="Products">
          <Products {...pages} search={search} />
        </section>
      </div>
    </>
  );
}

function Products({ products, error, fetching, more, retry, search }: ReturnType<typeof useProductPages> & { search: BrowseSearch }) {
  if (error && products.length === 0) return <ErrorState error={error} retry={retry} />;
  if (products.length === 0 && !fetching) return <NothingFound search={search} />;
  return (
    <>
      <div className={classes.grid}>
        {products.map((product) => (
          <ProductCard key={product.id} product={product} />
        ))}
        {products.length === 0 && Array.from({ length: 12 }, (_, index) => <CardSkeleton key={index} />)}
      </div>
      {more && (
        <Center mt="xl">
          <Button variant="default" size="md" loading={fetching} onClick={more}>
            Show more
          </Button>
        </Center>
      )}
    </>
  );
}

function NothingFound({ search }: { search: BrowseSearch }) {
  return (
    <EmptyState
      title="Nothing found"
      action={
        <LinkButton to="/browse" search={{}} variant="default">
          Show everything
        </LinkButton>
      }
    >
      {search.q ? `No product has all the words “${search.q}”. Try fewer or shorter ones.` : 'No product fits these filters.'}
    </EmptyState>
  );
}

/** What people choose in the category now. */
function CategoryShelf({ category }: { category: string }) {
  const [{ data }] = useQuery({ query: ShelvesDocument, variables: { page: 'CATEGORY', category, first: 12 } });
  const [shelf] = data?.shelves ?? [];
  return shelf ? <ProductShelf title={shelf.title} list={shelf.list} explained={shelf.kind === 'FOR_YOU'} /> : null;
}

function titleOf({ q, category, vendor }: BrowseSearch): string {
  if (q) return `“${q}”`;
  if (category) return category === departmentOf(category) ? category : leafOf(category);
  return vendor ?? 'Everything';
}
