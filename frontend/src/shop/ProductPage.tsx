import { Breadcrumbs, Skeleton, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { ProductDocument, type ProductQuery, ShelvesDocument } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { LinkAnchor, LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { ProductActions } from './ProductActions';
import { ProductFacts } from './ProductFacts';
import classes from './ProductPage.module.css';
import { ProductShelves } from './ProductShelf';
import { ShelfSkeleton } from './ShelfSkeleton';
import { useShop } from './ShopState';

const route = getRouteApi('/shop/product/$productId');

/** One product: what it is, what to do with it, and what goes with it. */
export function ProductPage() {
  const { productId } = route.useParams();
  const [result, retry] = useQuery({ query: ProductDocument, variables: { id: productId } });
  usePageTitle(result.data?.product?.title ?? 'Product');
  return (
    <Loaded result={result} retry={retry} skeleton={<ProductSkeleton />}>
      {({ product }) => (product ? <Details key={product.id} product={product} /> : <Gone />)}
    </Loaded>
  );
}

function Details({ product }: { product: NonNullable<ProductQuery['product']> }) {
  const { from } = route.useSearch();
  const { actions } = useShop();
  const { id, title } = product;
  useEffect(() => actions.view({ id, title }, from), [actions, id, title, from]);
  return (
    <>
      <Trail category={product.category} />
      <article className={classes.product}>
        <div className={classes.cover}>
          <Cover src={product.imageUrl} title={title} eager />
        </div>
        <div>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {product.vendor && (
            <LinkAnchor to="/browse" search={{ vendor: product.vendor.name }} c="dimmed" underline="always">
              {product.vendor.name}
            </LinkAnchor>
          )}
          <ProductActions product={product} recommendationId={from} />
          <ProductFacts product={product} />
        </div>
      </article>
      <Related productId={id} />
    </>
  );
}

/** Department and category, as links. */
function Trail({ category }: { category: NonNullable<ProductQuery['product']>['category'] }) {
  if (!category) return null;
  const { department, path, name } = category;
  return (
    <Breadcrumbs component="nav" aria-label="Category" mb="lg" separator="›">
      <LinkAnchor to="/browse" search={{ category: department }} size="sm" c="dimmed">
        {department}
      </LinkAnchor>
      {path !== department && (
        <LinkAnchor to="/browse" search={{ category: path }} size="sm" c="dimmed">
          {name}
        </LinkAnchor>
      )}
    </Breadcrumbs>
  );
}

/** The rows that belong to the product. */
function Related({ productId }: { productId: string }) {
  const [result, retry] = useQuery({ query: ShelvesDocument, variables: { page: 'PRODUCT', productId, first: 16 } });
  return (
    <Loaded result={result} retry={retry} skeleton={<ShelfSkeleton rows={2} />}>
      {({ shelves }) => <ProductShelves shelves={shelves} />}
    </Loaded>
  );
}

function Gone() {
  return (
    <EmptyState title="This product is gone" action={<LinkButton to="/browse">Browse everything</LinkButton>}>
      It was removed from the shop, or its address is mistyped.
    </EmptyState>
  );
}

function ProductSkeleton() {
  return (
    <div className={classes.product} aria-hidden>
      <Skeleton className={classes.cover} style={{ aspectRatio: '4 / 5' }} />
      <div>
        <Skeleton h={44} w="80%" mb="sm" />
        <Skeleton h={20} w="30%" mb="xl" />
        <Skeleton h={140} />
      </div>
    </div>
  );
}
