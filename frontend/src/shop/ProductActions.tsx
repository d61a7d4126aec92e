import { ActionIcon, Button, Group, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { IconEyeOff, IconHeart, IconHeartFilled, IconHelpCircle, IconShoppingBag, IconThumbDown } from '@tabler/icons-react';
import type { ProductQuery } from '../api/generated/shop/graphql';
import { formatStars } from '../ui/format';
import { Price } from '../ui/Price';
import { Stars } from '../ui/Stars';
import { useShop } from './ShopState';
import { useAddToCart } from './useAddToCart';
import { Why } from './Why';

interface ProductActionsProps {
  product: NonNullable<ProductQuery['product']>;
  /** The list that led here. */
  recommendationId?: string;
}

/** Price, cart, stars and the rest of what one can do with a product. */
export function ProductActions({ product, recommendationId }: ProductActionsProps) {
  const { actions } = useShop();
  const addToCart = useAddToCart();
  return (
    <Stack gap="md" my="lg">
      {product.price && (
        <Group gap="lg">
          <Price money={product.price} size="lg" />
          <Button
            size="md"
            leftSection={<IconShoppingBag size={18} />}
            disabled={!product.inStock}
            onClick={() => addToCart(product, recommendationId)}
          >
            {product.inStock ? 'Add to cart' : 'Out of stock'}
          </Button>
        </Group>
      )}
      <Group gap="sm">
        <Stars
          size="lg"
          value={product.viewerRating}
          label={`Rate ${product.title}`}
          onChange={(stars) => actions.rate(product, stars, recommendationId)}
        />
        <Text size="sm" c="dimmed">
          {product.viewerRating ? `You gave ${formatStars(product.viewerRating)}` : 'Rate it'}
        </Text>
        {product.viewerRating && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => actions.rate(product, 0, recommendationId)}>
            Take back
          </Button>
        )}
      </Group>
      <Opinions product={product} recommendationId={recommendationId} />
    </Stack>
  );
}

/** Like, dislike, hide, and the reasons. */
function Opinions({ product, recommendationId }: ProductActionsProps) {
  const { actions, marks } = useShop();
  const mark = marks.get(product.id);
  return (
    <Group gap="xs">
      <Tooltip label="Like">
        <ActionIcon
          variant="default"
          size={36}
          radius="xl"
          aria-label="Like"
          aria-pressed={mark === 'liked'}
          onClick={() => actions.like(product, recommendationId)}
        >
          {mark === 'liked' ? <IconHeartFilled size={18} color="var(--valse-accent)" /> : <IconHeart size={18} stroke={1.6} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Dislike">
        <ActionIcon
          variant="default"
          size={36}
          radius="xl"
          aria-label="Dislike"
          aria-pressed={mark === 'disliked'}
          onClick={() => actions.dislike(product, recommendationId)}
        >
          <IconThumbDown size={18} stroke={1.6} color={mark === 'disliked' ? 'var(--valse-accent)' : undefined} />
        </ActionIcon>
      </Tooltip>
      <Button
        variant="default"
        radius="xl"
        leftSection={<IconEyeOff size={17} stroke={1.6} />}
        disabled={mark === 'hidden'}
        onClick={() => actions.hide(product, recommendationId)}
      >
        {mark === 'hidden' ? 'Hidden' : 'Not for me'}
      </Button>
      <Popover width={360} position="bottom-start" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button variant="default" radius="xl" leftSection={<IconHelpCircle size={17} stroke={1.6} />}>
            Why this?
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={`Why ${product.title}?`}>
          <Why product={product} />
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
