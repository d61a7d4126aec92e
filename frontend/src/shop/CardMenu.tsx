import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconEyeOff, IconHeart, IconHelpCircle, IconShoppingBag, IconThumbDown } from '@tabler/icons-react';
import type { CardProductFragment } from '../api/generated/shop/graphql';
import classes from './CardMenu.module.css';
import { useAddToCart } from './useAddToCart';
import { useShop } from './ShopState';
import { WhyModal } from './Why';

interface CardMenuProps {
  product: CardProductFragment;
  recommendationId?: string;
  explained: boolean;
}

/** What to do with a product without leaving the page. */
export function CardMenu({ product, recommendationId, explained }: CardMenuProps) {
  const { actions, marks } = useShop();
  const addToCart = useAddToCart();
  const [asking, why] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end" shadow="md" withinPortal>
        <Menu.Target>
          <ActionIcon className={classes.button} variant="default" radius="xl" aria-label={`More for ${product.title}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {product.price && product.inStock && (
            <Menu.Item leftSection={<IconShoppingBag size={16} />} onClick={() => addToCart(product, recommendationId)}>
              Add to cart
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconHeart size={16} />}
            disabled={marks.get(product.id) === 'liked'}
            onClick={() => actions.like(product, recommendationId)}
          >
            {marks.get(product.id) === 'liked' ? 'Liked' : 'Like'}
          </Menu.Item>
          <Menu.Item leftSection={<IconThumbDown size={16} />} onClick={() => actions.dislike(product, recommendationId)}>
            Dislike
          </Menu.Item>
          <Menu.Item leftSection={<IconEyeOff size={16} />} onClick={() => actions.hide(product, recommendationId)}>
            Not for me, hide it
          </Menu.Item>
          {explained && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={why.open}>
                Why this?
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking && <WhyModal product={product} close={why.close} />}
    </>
  );
}
