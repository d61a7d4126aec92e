import { Text } from '@mantine/core';
import { useQuery } from 'urql';
import { HistoryDocument } from '../api/generated/shop/graphql';
import { formatAgo } from '../ui/format';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { Stars } from '../ui/Stars';
import { EmptyState } from '../ui/States';
import { type Rated, ratedOf } from './rated';
import { RowsSkeleton } from './RowsSkeleton';
import { useShop } from './ShopState';
import classes from './TastePage.module.css';
import { TasteRow, titleOf } from './TasteRow';

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
  const { product, value, time } = latest;
  const label = `rating of ${titleOf(latest)}`;
  return (
    <TasteRow
      interaction={latest}
      counts={counts}
      toggle={() => toggle(eventIds)}
      takeBack={product && { text: 'Take back', label: `Take back the ${label}`, run: () => actions.rate(product, 0) }}
    >
      <Stars
        value={product ? product.viewerRating : value}
        label={`Your ${label}`}
        onChange={product ? (stars) => actions.rate(product, stars) : undefined}
      />
      <Text size="xs" c="dimmed">
        {formatAgo(time)}
      </Text>
    </TasteRow>
  );
}

function NoRatings() {
  return (
    <EmptyState title="No ratings yet" action={<LinkButton to="/">Rate something</LinkButton>}>
      Stars say the most about your taste. Press them on any card, and your list follows at once.
    </EmptyState>
  );
}
