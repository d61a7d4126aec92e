import { useEffect, useMemo, useState } from 'react';
import { useSubscription } from 'urql';
import { type CardListFragment, LiveListDocument, type RecommendationOptions } from '../api/generated/shop/graphql';
import { useShop } from './ShopState';

/** How long a changed list is called new. */
const freshMilliseconds = 8000;

interface LiveList {
  list: CardListFragment | undefined;
  /** What changed the list a moment ago, in words; null when nothing did. */
  changedBy: string | null;
}

/** The viewer's list, kept up to date by the server. */
export function useLiveList(first: number, options?: RecommendationOptions): LiveList {
  const { lastAction } = useShop();
  const [{ data }] = useSubscription({ query: LiveListDocument, variables: { first, options } });
  const list = data?.recommendations;
  const order = orderOf(list);
  const [shown, setShown] = useState(order);
  const [changedBy, setChangedBy] = useState<string | null>(null);
  if (order !== shown) {
    setShown(order);
    if (shown) setChangedBy(lastAction ?? 'what is new in the shop');
  }
  useEffect(() => {
    if (!changedBy) return;
    const timer = setTimeout(() => setChangedBy(null), freshMilliseconds);
    return () => clearTimeout(timer);
  }, [changedBy, order]);
  return useMemo(() => ({ list, changedBy }), [list, changedBy]);
}

/** A list's products in order, as one string to compare. */
export function orderOf(list: CardListFragment | undefined): string {
  return list?.items.map(({ product }) => product.id).join(' ') ?? '';
}
