import { Button, Grid, Group, Paper, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useQuery } from 'urql';
import { UserHistoryDocument, type UserHistoryQuery } from '../api/generated/studio/graphql';
import { formatDate } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { NotFound } from '../ui/NotFound';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { EventRow } from './EventRow';
import { LiveList } from './LiveList';
import { UserActions } from './UserActions';

type User = NonNullable<UserHistoryQuery['user']>;

/** What a user did, beside the list they get for it now. */
export function Inspector() {
  const { userId } = useParams({ from: '/studio/users/$userId' });
  usePageTitle(userId);
  const [after, setAfter] = useState<string>();
  const [without, setWithout] = useState<string[]>([]);
  const [includeSeen, setIncludeSeen] = useState(false);
  const [result, again] = useQuery({ query: UserHistoryDocument, variables: { id: userId, after } });
  return (
    <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={480} />}>
      {({ user }) => {
        if (!user) return <NotFound />;
        return (
          <Stack gap="lg">
            <Group justify="space-between" align="start">
              <div>
                <Title order={1}>{user.name || user.userId}</Title>
                <Text c="dimmed">
                  {user.userId} · since {formatDate(user.createdAt)}
                  {user.persona && ` · ${user.persona}`}
                </Text>
              </div>
              <UserActions userId={user.userId} />
            </Group>
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 5 }}>
                <History user={user} fetching={result.fetching} without={without} setWithout={setWithout} more={setAfter} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Paper withBorder p="lg">
                  <Group justify="space-between" mb="md">
                    <Title order={2} size="h4">
                      The list now
                    </Title>
                    <Switch
                      label="Seen products too"
                      checked={includeSeen}
                      onChange={(event) => setIncludeSeen(event.currentTarget.checked)}
                    />
                  </Group>
                  <LiveList userId={user.userId} options={{ without, includeSeen }} />
                </Paper>
              </Grid.Col>
            </Grid>
          </Stack>
        );
      }}
    </Loaded>
  );
}

interface HistoryProps {
  user: User;
  fetching: boolean;
  without: string[];
  setWithout: (eventIds: string[]) => void;
  more: (cursor: string) => void;
}

function History({ user, fetching, without, setWithout, more }: HistoryProps) {
  const { nodes, pageInfo } = user.history;
  const toggle = (eventId: string) =>
    setWithout(without.includes(eventId) ? without.filter((each) => each !== eventId) : [...without, eventId]);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4">
        What they did
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        Untick an event to see the list as if it had never happened.
      </Text>
      {nodes.length === 0 ? (
        <EmptyState title="Nothing yet">Their list is what sells best.</EmptyState>
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
