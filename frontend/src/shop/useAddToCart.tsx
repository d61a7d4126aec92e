import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useCart } from './cart';
import { type Subject, useShop } from './ShopState';

/** Puts a product into the cart, tells the server, and says so. */
export function useAddToCart() {
  const { actions } = useShop();
  const { add } = useCart();
  return useCallback(
    (product: Subject, recommendationId?: string) => {
      add({ id: product.id, recommendationId });
      actions.addToCart(product, recommendationId);
      notifications.show({ message: `${product.title} is in your cart.` });
    },
    [actions, add],
  );
}
