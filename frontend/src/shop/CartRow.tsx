import { ActionIcon, Group, NumberInput, Skeleton, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { CardProductFragment } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { Price } from '../ui/Price';
import { type CartLine, useCart } from './cart';
import classes from './CartPage.module.css';

/** One product in the cart; without a product it has left the shop. */
export function CartRow({ line, product }: { line: CartLine; product: CardProductFragment | undefined }) {
  const { setQuantity } = useCart();
  const title = product?.title ?? 'A product that is gone';
  return (
    <li className={classes.line}>
      <Cover src={product?.imageUrl ?? ''} title={title} />
      <div>
        {product ? (
          <Link to="/product/$productId" params={{ productId: product.productId }}>
            {title}
          </Link>
        ) : (
          title
        )}
        <Text size="sm" c="dimmed">
          {product?.vendor?.name}
        </Text>
        <Price money={product?.price} />
      </div>
      <Group gap="xs" wrap="nowrap">
        {product && (
          <NumberInput
            aria-label={`How many of ${title}`}
            value={line.quantity}
            onChange={(value) => setQuantity(line.id, Number(value) || 1)}
            min={1}
            max={99}
            w={76}
          />
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove ${title}`}
          onClick={() => setQuantity(line.id, 0)}
        >
          <IconTrash size={18} stroke={1.6} />
        </ActionIcon>
      </Group>
    </li>
  );
}

/** The cart's rows before its products are known. */
export function CartSkeleton({ rows }: { rows: number }) {
  return (
    <Stack aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} h={96} />
      ))}
    </Stack>
  );
}
