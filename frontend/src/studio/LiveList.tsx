import { Alert, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useSubscription } from 'urql';
import { errorMessage } from '../api/errors';
import { type RecommendationOptions, UserListDocument, type UserListSubscription } from '../api/generated/studio/graphql';
import { Cover } from '../ui/Cover';
import { formatShare, formatTime } from '../ui/format';
import { EmptyState } from '../ui/States';
import { describeEvent } from './event';

const sources: Record<UserListSubscription['recommendations']['source'], string> = {
  LIVE: 'solved from the whole history just now',
  STORED: 'stored when the model was published',
  SIMILAR: 'neighbours by factors',
  TOGETHER: 'bought together',
  CATEGORY_BEST_SELLERS: 'best-sellers of their category',
  BEST_SELLERS: 'best-sellers',
  RULE: 'by rule',
};

/** A user's list as it is at this moment, and which events each entry comes from. */
export function LiveList({ userId, options }: { userId: string; options: RecommendationOptions }) {
  const [{ data, error }] = useSubscription({ query: UserListDocument, variables: { id: userId, options } });
  if (error && !data) return <Alert color="red">{errorMessage(error)}</Alert>;
  if (!data) return <Skeleton h={420} />;
  const list = data.recommendations;
  if (list.items.length === 0) {
    return <EmptyState title="Nothing to recommend">Every product is seen, hidden or out of stock.</EmptyState>;
  }
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" aria-live="polite">
        {sources[list.source]}
        {list.modelId && ` · model ${list.modelId}`} · {formatTime(list.at)}
      </Text>
      {list.items.map((item) => (
        <Entry key={item.product.id} item={item} />
      ))}
    </Stack>
  );
}

function Entry({ item }: { item: UserListSubscription['recommendations']['items'][number] }) {
  const reasons = item.explanation?.contributions.slice(0, 3) ?? [];
  return (
    <Group wrap="nowrap" gap="sm" align="start">
      <Text w={24} ta="right" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {item.rank}
      </Text>
      <div style={{ width: 48, flex: 'none' }}>
        <Cover src={item.product.imageUrl} title={item.product.title} />
      </div>
      <div style={{ minWidth: 0, flex: 1 }}>
        <Group justify="space-between" wrap="nowrap">
          <Text fw={600} truncate>
            {item.product.title}
          </Text>
          <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
            {item.score.toFixed(3)}
          </Text>
        </Group>
        {reasons.map(({ interaction, share, value }) => (
          <Group key={interaction.id} wrap="nowrap" gap="xs">
            <Progress
              value={100 * share}
              w={56}
              size="sm"
              color={value < 0 ? 'red' : 'petrol'}
              aria-label={`${formatShare(share)} of the reasons`}
            />
            <Text size="sm" c="dimmed" truncate>
              {describeEvent(interaction)} {interaction.product?.title ?? interaction.productId}
            </Text>
          </Group>
        ))}
      </div>
    </Group>
  );
}
