import { useEffect, useMemo, useState } from 'react';
import { useSubscription } from 'urql';
import { type CardListFragment, LiveListDocument, type RecommendationOptions } from '../api/generated/shop/graphql';
import { useShop } from './ShopState';

/** How long a changed list is called new. */
const freshMilliseconds = 8000;

interface LiveList {
  list: CardListFragment | undefined;
  /** That the list changed a moment ago, and after what; null when it did not. */
  news: string | null;
}

/** The viewer's list, kept up to date by the server. */
export function useLiveList(first: number, options?: RecommendationOptions): LiveList {
  const { lastAction } = useShop();
  const [{ data }] = useSubscription({ query: LiveListDocument, variables: { first, options } });
  const list = data?.recommendations;
  const order = orderOf(list);
  const [shown, setShown] = useState(order);
  const [news, setNews] = useState<string | null>(null);
  if (order !== shown) {
    setShown(order);
    if (shown) setNews(lastAction ? `Just updated after ${lastAction}` : 'Just updated');
  }
  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(null), freshMilliseconds);
    return () => clearTimeout(timer);
  }, [news, order]);
  return useMemo(() => ({ list, news }), [list, news]);
}

/** A list's products in order, as one string to compare. */
export function orderOf(list: CardListFragment | undefined): string {
  return list?.items.map(({ product }) => product.id).join(' ') ?? '';
}
