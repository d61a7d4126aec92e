import { Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { HistoryDocument } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { formatAgo } from '../ui/format';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { Stars } from '../ui/Stars';
import { EmptyState } from '../ui/States';
import { CountsSwitch } from './CountsSwitch';
import { type Rated, ratedOf } from './rated';
import { RowsSkeleton } from './RowsSkeleton';
import { useShop } from './ShopState';
import classes from './TastePage.module.css';

interface RatingsProps {
  /** Event ids that do not count for the list beside. */
  without: string[];
  toggle: (eventIds: string[]) => void;
}

/** The viewer's ratings, to change, take back, or leave out of the list beside. */
export function Ratings({ without, toggle }: RatingsProps) {
  const [result, retry] = useQuery({ query: HistoryDocument, variables: { types: ['RATING'], first: 100 } });
  return (
    <Loaded result={result} retry={retry} skeleton={<RowsSkeleton />}>
      {({ interactions }) => {
        const all = ratedOf(interactions.edges.map(({ node }) => node));
        if (all.length === 0) return <NoRatings />;
        return (
          <ul className={classes.rows}>
            {all.map((rated) => (
              <RatingRow
                key={rated.latest.productId}
                rated={rated}
                counts={!rated.eventIds.every((id) => without.includes(id))}
                toggle={toggle}
              />
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

interface RatingRowProps {
  rated: Rated;
  counts: boolean;
  toggle: (eventIds: string[]) => void;
}

function RatingRow({ rated: { latest, eventIds }, counts, toggle }: RatingRowProps) {
  const { actions } = useShop();
  const { product, productId, value, time } = latest;
  const title = product?.title ?? productId;
  return (
    <li className={classes.row} data-out={!counts || undefined}>
      <Cover src={product?.imageUrl ?? ''} title={title} />
      <div>
        {product ? (
          <Link to="/product/$productId" params={{ productId }} className={classes.link}>
            {title}
          </Link>
        ) : (
          <span className={classes.link}>{title} (gone)</span>
        )}
        <Group gap="0 0.6rem">
          <Stars
            value={product ? product.viewerRating : value}
            label={`Your rating of ${title}`}
            onChange={product ? (stars) => actions.rate(product, stars) : undefined}
          />
          <Text size="xs" c="dimmed">
            {formatAgo(time)}
          </Text>
          {product && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              fz="xs"
              px={0}
              aria-label={`Take back the rating of ${title}`}
              onClick={() => actions.rate(product, 0)}
            >
              Take back
            </Button>
          )}
        </Group>
      </div>
      <CountsSwitch title={title} counts={counts} onChange={() => toggle(eventIds)} />
    </li>
  );
}

function NoRatings() {
  return (
    <EmptyState title="No ratings yet" action={<LinkButton to="/">Rate something</LinkButton>}>
      Stars say the most about your taste. Press them on any card, and your list follows at once.
    </EmptyState>
  );
}
