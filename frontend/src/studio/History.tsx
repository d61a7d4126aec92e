import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { UserHistoryQuery } from '../api/generated/studio/graphql';
import { EmptyState } from '../ui/States';
import { EventRow } from './EventRow';

/** A user with the newest part of what they did. */
export type InspectedUser = NonNullable<UserHistoryQuery['user']>;

interface HistoryProps {
  user: InspectedUser;
  fetching: boolean;
  /** Events that the list does as if they had never happened. */
  without: string[];
  setWithout: (eventIds: string[]) => void;
  more: (cursor: string) => void;
}

/** What a user did, each event to count or to leave out. */
export function History({ user, fetching, without, setWithout, more }: HistoryProps) {
  const { nodes, pageInfo } = user.history;
  const toggle = (eventId: string) =>
    setWithout(without.includes(eventId) ? without.filter((each) => each !== eventId) : [...without, eventId]);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4">
        What they did
      </Title>
      <Group justify="space-between" mih={36} mb="xs" wrap="nowrap">
        <Text c="dimmed" size="sm">
          Untick an event to see the list as if it had never happened.
        </Text>
        {without.length > 0 && (
          <Button variant="default" size="xs" style={{ flex: 'none' }} onClick={() => setWithout([])}>
            Count all
          </Button>
        )}
      </Group>
      {nodes.length === 0 ? (
        <EmptyState title="Nothing yet">Their list is what sells best, until their first click.</EmptyState>
      ) : (
        <Stack gap={6}>
          {nodes.map((event) => (
            <EventRow
              key={event.id}
              event={event}
              counted={!without.includes(event.eventId)}
              toggle={() => toggle(event.eventId)}
            />
          ))}
          {pageInfo.hasNextPage && (
            <Button variant="default" loading={fetching} onClick={() => pageInfo.endCursor && more(pageInfo.endCursor)}>
              Show older
            </Button>
          )}
        </Stack>
      )}
    </Paper>
  );
}
