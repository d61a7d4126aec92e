import { Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { RatingsDocument, type RatingsQuery } from '../api/generated/shop/graphql';
import { useSession } from '../api/Session';
import { Cover } from '../ui/Cover';
import { formatAgo } from '../ui/format';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { Stars } from '../ui/Stars';
import { EmptyState } from '../ui/States';
import { RowsSkeleton } from './RowsSkeleton';
import { useShop } from './ShopState';
import classes from './TastePage.module.css';

type UserRating = NonNullable<RatingsQuery['user']>['ratings'][number];

/** The viewer's ratings, to change or take back. */
export function Ratings() {
  const { viewer } = useSession();
  const userId = viewer.user?.id;
  const [result, retry] = useQuery({ query: RatingsDocument, variables: { userId: userId ?? '' }, pause: !userId });
  if (!userId) return <NoRatings />;
  return (
    <Loaded result={result} retry={retry} skeleton={<RowsSkeleton />}>
      {({ user }) => {
        const ratings = user?.ratings.filter(({ stars }) => stars > 0) ?? [];
        if (ratings.length === 0) return <NoRatings />;
        return (
          <ul className={classes.rows}>
            {ratings.map((rating) => (
              <RatingRow key={rating.productId} rating={rating} />
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function RatingRow({ rating: { product, productId, stars, time } }: { rating: UserRating }) {
  const { actions } = useShop();
  const title = product?.title ?? productId;
  return (
    <li className={classes.row}>
      <Cover src={product?.imageUrl ?? ''} title={title} />
      <div>
        {product ? (
          <Link to="/product/$productId" params={{ productId }} className={classes.link}>
            {title}
          </Link>
        ) : (
          <span className={classes.link}>{title} (gone)</span>
        )}
        <Group gap="sm">
          <Stars
            value={product ? product.viewerRating : stars}
            label={`Your rating of ${title}`}
            onChange={product ? (stars) => actions.rate(product, stars) : undefined}
          />
          <Text size="xs" c="dimmed">
            {formatAgo(time)}
          </Text>
        </Group>
      </div>
      {product && (
        <Button variant="subtle" color="gray" size="compact-sm" aria-label={`Take back the rating of ${title}`} onClick={() => actions.rate(product, 0)}>
          Take back
        </Button>
      )}
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
