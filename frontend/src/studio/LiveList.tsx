import { Alert, Skeleton, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { errorMessage } from '../api/errors';
import { type RecommendationOptions, UserListDocument, type UserListSubscription } from '../api/generated/studio/graphql';
import { formatTime } from '../ui/format';
import { EmptyState } from '../ui/States';
import { useFlip } from '../ui/useFlip';
import { ListEntry } from './ListEntry';
import classes from './ListEntry.module.css';
import { type Move, moves } from './moves';

/** A list and how it differs from the one before. */
interface Shown {
  list: UserListSubscription['recommendations'];
  moved: Map<string, Move>;
}

const sources: Record<Shown['list']['source'], string> = {
  LIVE: 'Solved from the whole history just now',
  STORED: 'Stored when the model was published',
  SIMILAR: 'Neighbours by factors',
  TOGETHER: 'Bought together',
  CATEGORY_BEST_SELLERS: 'Best-sellers of their category',
  BEST_SELLERS: 'Best-sellers',
  EXPLORATION: 'Tried to learn more',
  RULE: 'By rule',
  NEWCOMER: 'Products newer than the training',
};

interface LiveListProps {
  userId: string;
  options: RecommendationOptions;
  /** Called when the list has changed, but not for the first. */
  changed: () => void;
}

/** A user's list as it is at this moment, how it just moved, and which events each entry comes from. */
export function LiveList({ userId, options, changed }: LiveListProps) {
  const [{ data, error }] = useSubscription<UserListSubscription, Shown>(
    { query: UserListDocument, variables: { id: userId, options } },
    (before, { recommendations: list }) => ({ list, moved: before ? moves(idsOf(before.list), idsOf(list)) : new Map() }),
  );
  useChanged(data?.list.recommendationId, changed);
  const rows = useRef<HTMLOListElement>(null);
  useFlip(rows, data ? idsOf(data.list).join() : '');
  if (error && !data) {
    return (
      <Alert color="red" variant="default">
        {errorMessage(error)}
      </Alert>
    );
  }
  if (!data) return <Skeleton h={1400} />;
  const { list, moved } = data;
  if (list.items.length === 0) {
    return <EmptyState title="Nothing to recommend">Every product is seen, hidden or out of stock.</EmptyState>;
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="md" aria-live="polite">
        {sources[list.source]}
        {list.modelId && ` · model ${list.modelId}`} · {formatTime(list.at)}
      </Text>
      <ol className={classes.list} ref={rows} aria-label="Recommendations">
        {list.items.map((item) => (
          <ListEntry key={item.product.id} item={item} move={moved.get(item.product.id)} />
        ))}
      </ol>
    </>
  );
}

function idsOf(list: Shown['list']): string[] {
  return list.items.map(({ product }) => product.id);
}

/** Calls back when a value is another than before, but not for the first there is. */
function useChanged(value: string | undefined, changed: () => void) {
  const latest = useRef({ value, changed });
  useEffect(() => {
    const { value: before } = latest.current;
    latest.current = { value: value ?? before, changed };
    if (before !== undefined && value !== undefined && before !== value) changed();
  }, [value, changed]);
}
