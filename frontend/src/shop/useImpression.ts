import { type RefObject, useEffect } from 'react';
import { useShop } from './ShopState';

/** How long half a card must be in view to count as seen. */
const dwellMilliseconds = 1000;

/** Lists and products already reported in this tab. */
const seen = new Set<string>();

/** Reports once per list that a product of it was in view. */
export function useImpression(ref: RefObject<HTMLElement | null>, productId: string, recommendationId?: string) {
  const { actions } = useShop();
  useEffect(() => {
    const key = `${recommendationId} ${productId}`;
    if (!ref.current || !recommendationId || seen.has(key)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        clearTimeout(timer);
        if (!entry?.isIntersecting) return;
        timer = setTimeout(() => {
          observer.disconnect();
          if (seen.has(key)) return;
          seen.add(key);
          actions.see(productId, recommendationId);
        }, dwellMilliseconds);
      },
      { threshold: 0.5 },
    );
    observer.observe(ref.current);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [ref, productId, recommendationId, actions]);
}
