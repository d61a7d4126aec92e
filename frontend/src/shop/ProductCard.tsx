import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import type { CardProductFragment } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { Price } from '../ui/Price';
import { Stars } from '../ui/Stars';
import { CardMenu } from './CardMenu';
import classes from './ProductCard.module.css';
import { useShop } from './ShopState';
import { useImpression } from './useImpression';

interface ProductCardProps {
  product: CardProductFragment;
  /** The list it stands in, to be credited for what comes of it. */
  recommendationId?: string;
  /** Whether “why this?” can be answered here. */
  explained?: boolean;
  eager?: boolean;
}

/** A product in a row or grid: cover, title, vendor, price, stars to give, and what else to do with it. */
export function ProductCard({ product, recommendationId, explained = false, eager }: ProductCardProps) {
  const { actions, marks, ratings } = useShop();
  const ref = useRef<HTMLElement>(null);
  useImpression(ref, product.id, recommendationId);
  const mark = marks.get(product.id);
  return (
    <article ref={ref} className={classes.card} data-flip={product.id} data-product={product.productId} data-mark={mark}>
      <Link
        to="/product/$productId"
        params={{ productId: product.productId }}
        search={recommendationId ? { from: recommendationId } : {}}
        className={classes.link}
        draggable={false}
        onClick={() => recommendationId && actions.click(product, recommendationId)}
      >
        <Cover src={product.imageUrl} title={product.title} eager={eager} />
        <span className={classes.words}>
          <span className={classes.title}>{product.title}</span>
          {product.vendor && <span className={classes.vendor}>{product.vendor.name}</span>}
        </span>
      </Link>
      <div className={classes.foot}>
        <Price money={product.price} />
        <CardMenu product={product} recommendationId={recommendationId} explained={explained} />
        <Stars
          value={ratings.get(product.id) ?? product.viewerRating}
          label={`Rate ${product.title}`}
          onChange={(stars) => actions.rate(product, stars, recommendationId)}
        />
      </div>
    </article>
  );
}
