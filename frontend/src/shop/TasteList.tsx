import { Button, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import type { CardProductFragment } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { RowsSkeleton } from './RowsSkeleton';
import classes from './TastePage.module.css';
import { useFlip } from '../ui/useFlip';
import { useShop } from './ShopState';
import { useImpression } from './useImpression';
import { orderOf, useLiveList } from './useLiveList';

interface TasteListProps {
  /** Event ids to leave out. */
  without: string[];
  restore: () => void;
}

/** The viewer's list as a ranking, with or without some of their events. */
export function TasteList({ without, restore }: TasteListProps) {
  const ref = useRef<HTMLOListElement>(null);
  const options = useMemo(() => (without.length > 0 ? { without } : undefined), [without]);
  const { list } = useLiveList(10, options);
  useFlip(ref, orderOf(list));
  return (
    <aside aria-label="Your list" className={classes.aside}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          Your list
        </Title>
        {without.length > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={restore}>
            Let all count
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" aria-live="polite" mb="xs">
        {without.length > 0
          ? `As if ${without.length === 1 ? 'one event' : `${without.length} events`} had never happened.`
          : 'As it is now; it moves as you change things.'}
      </Text>
      {!list && <RowsSkeleton />}
      <ol ref={ref} className={classes.rows}>
        {list?.items.map(({ product, rank, recommendationId }) => (
          <Ranked key={product.id} product={product} rank={rank} recommendationId={recommendationId} />
        ))}
      </ol>
    </aside>
  );
}

interface RankedProps {
  product: CardProductFragment;
  rank: number;
  recommendationId: string;
}

/** One place of the ranking; seen and clicked like a card. */
function Ranked({ product, rank, recommendationId }: RankedProps) {
  const { actions } = useShop();
  const ref = useRef<HTMLLIElement>(null);
  useImpression(ref, product.id, recommendationId);
  return (
    <li ref={ref} className={classes.ranked} data-flip={product.id}>
      <span className={classes.rank}>{rank}</span>
      <Cover src={product.imageUrl} title={product.title} />
      <Link
        to="/product/$productId"
        params={{ productId: product.productId }}
        search={{ from: recommendationId }}
        className={classes.link}
        onClick={() => actions.click(product, recommendationId)}
      >
        {product.title}
      </Link>
    </li>
  );
}
