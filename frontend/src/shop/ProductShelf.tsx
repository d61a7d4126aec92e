import type { ReactNode } from 'react';
import type { CardListFragment, ShelvesQuery } from '../api/generated/shop/graphql';
import { Shelf } from '../ui/Shelf';
import { ProductCard } from './ProductCard';
import { useShop } from './ShopState';

interface ProductShelfProps {
  title: ReactNode;
  subtitle?: ReactNode;
  list: CardListFragment;
  /** Whether the entries carry reasons. */
  explained?: boolean;
  eager?: boolean;
}

/** One row of product cards, without what the viewer hid a moment ago. */
export function ProductShelf({ title, subtitle, list, explained, eager }: ProductShelfProps) {
  const { marks } = useShop();
  const items = list.items.filter(({ product }) => marks.get(product.id) !== 'hidden');
  if (items.length === 0) return null;
  return (
    <Shelf title={title} subtitle={subtitle} items={items} itemKey={({ product }) => product.id}>
      {({ product, recommendationId }, index) => (
        <ProductCard
          product={product}
          recommendationId={recommendationId}
          explained={explained}
          eager={eager && index < 6}
        />
      )}
    </Shelf>
  );
}

/** The rows of a page as the server composed them. */
export function ProductShelves({ shelves, eager = false }: { shelves: ShelvesQuery['shelves']; eager?: boolean }) {
  return shelves.map((shelf, index) => (
    <ProductShelf
      key={`${shelf.kind} ${shelf.subject?.id ?? ''}`}
      title={shelf.title}
      list={shelf.list}
      explained={shelf.kind === 'FOR_YOU'}
      eager={eager && index === 0}
    />
  ));
}
