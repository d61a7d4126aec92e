import { Badge, Group, Progress, Text } from '@mantine/core';
import type { UserListSubscription } from '../api/generated/studio/graphql';
import { Cover } from '../ui/Cover';
import { describeEvent } from './event';
import { describeScore } from './score';
import classes from './ListEntry.module.css';
import { describeMove, type Move } from './moves';

type Item = UserListSubscription['recommendations']['items'][number];

/** How many events an entry names. */
const named = 3;

/** Where entries come from that stand in their places for their scores. */
const scored: Partial<Record<Item['source'], true>> = { LIVE: true, STORED: true, SIMILAR: true, NEWCOMER: true };

/** How entries came about that are not simply among the best. */
const marks: Partial<Record<Item['source'], { label: string; meaning: string }>> = {
  NEWCOMER: { label: 'New', meaning: 'Came after the training: its factor is made from its category, vendor, title and first events' },
  EXPLORATION: { label: 'Tried', meaning: 'In a place that a rule keeps for what the model is unsure about' },
  RULE: { label: 'Pinned', meaning: 'In the place that a rule gives it' },
};

/** One entry of a live list: its place, how it got there, and the events that brought it. */
export function ListEntry({ item, move }: { item: Item; move: Move | undefined }) {
  const contributions = item.explanation?.contributions ?? [];
  const mark = marks[item.source];
  const most = Math.max(...contributions.map(({ value }) => Math.abs(value)));
  return (
    <li className={classes.entry} data-flip={item.product.id} data-product={item.product.productId}>
      <Text className={classes.rank} c="dimmed">
        {item.rank}
      </Text>
      <div className={classes.cover}>
        <Cover src={item.product.imageUrl} title={item.product.title} />
      </div>
      <div className={classes.facts}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={600} truncate>
            {item.product.title}
          </Text>
          <Group wrap="nowrap" gap="xs" style={{ flex: 'none' }}>
            {move !== undefined && (
              <span className={classes.move} data-down={typeof move === 'number' && move < 0 ? true : undefined}>
                {describeMove(move)}
              </span>
            )}
            {mark && (
              <Badge variant="light" size="sm" tt="none" title={mark.meaning}>
                {mark.label}
              </Badge>
            )}
            {scored[item.source] && (
              <Text
                size="sm"
                c="dimmed"
                className={classes.score}
                title="Two times in three the score that all they will ever do leads to lies within this"
              >
                {describeScore(item.score, item.uncertainty)}
              </Text>
            )}
          </Group>
        </Group>
        {mark && contributions.length === 0 && (
          <Text size="sm" c="dimmed">
            {mark.meaning}
          </Text>
        )}
        {contributions.slice(0, named).map(({ interaction, value }) => (
          <Group key={interaction.id} wrap="nowrap" gap="xs">
            <Progress
              value={(100 * Math.abs(value)) / most}
              className={classes.bar}
              size="sm"
              color={value < 0 ? 'red.6' : 'petrol.5'}
              aria-label={`Adds ${value.toPrecision(2)} to the score`}
            />
            <Text size="sm" c="dimmed" truncate>
              {describeEvent(interaction)} {interaction.product?.title ?? interaction.productId}
            </Text>
          </Group>
        ))}
      </div>
    </li>
  );
}
