import { Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconEyeOff, IconHeart, IconHelpCircle, IconShoppingBag, IconThumbDown } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { CardProductFragment } from '../api/generated/shop/graphql';
import classes from './CardMenu.module.css';
import { useShop } from './ShopState';
import { useAddToCart } from './useAddToCart';
import { WhyModal } from './Why';

interface CardMenuProps {
  product: CardProductFragment;
  recommendationId?: string;
  /** Whether “why this?” can be answered here. */
  explained: boolean;
}

/** What to do with a product without leaving the page. A page has many, so the menu is made on first use. */
export function CardMenu(props: CardMenuProps) {
  const [used, setUsed] = useState(false);
  if (used) return <OpenedMenu {...props} />;
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={`More for ${props.product.title}`}
      aria-haspopup="menu"
      onClick={() => setUsed(true)}
    >
      <IconDots size={16} />
    </button>
  );
}

function OpenedMenu({ product, recommendationId, explained }: CardMenuProps) {
  const { actions, marks } = useShop();
  const addToCart = useAddToCart();
  const [asking, why] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const liked = marks.get(product.id) === 'liked';
  return (
    <>
      {/* It opens as it is made, so it saw no focus that it could return. */}
      <Menu position="bottom-end" shadow="md" defaultOpened onClose={() => button.current?.focus()}>
        <Menu.Target>
          <button ref={button} type="button" className={classes.button} aria-label={`More for ${product.title}`}>
            <IconDots size={16} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {product.price && product.inStock && (
            <Menu.Item leftSection={<IconShoppingBag size={16} />} onClick={() => addToCart(product, recommendationId)}>
              Add to cart
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconHeart size={16} />}
            disabled={liked}
            onClick={() => actions.like(product, recommendationId)}
          >
            {liked ? 'Liked' : 'Like'}
          </Menu.Item>
          <Menu.Item leftSection={<IconThumbDown size={16} />} onClick={() => actions.dislike(product, recommendationId)}>
            Dislike
          </Menu.Item>
          <Menu.Item leftSection={<IconEyeOff size={16} />} onClick={() => actions.hide(product, recommendationId)}>
            Not for me, hide it
          </Menu.Item>
          {explained && (
            <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={why.open}>
              Why this?
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <WhyModal product={product} opened={asking} close={why.close} />
    </>
  );
}
