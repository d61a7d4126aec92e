import { Grid, Group, Paper, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { UserHistoryDocument } from '../api/generated/studio/graphql';
import { formatDate } from '../ui/format';
import { LinkAnchor, LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { NotFound } from '../ui/NotFound';
import { usePageTitle } from '../ui/usePageTitle';
import { History, type InspectedUser } from './History';
import { LiveList } from './LiveList';
import { UserActions } from './UserActions';

/** What a user did, beside the list they get for it now. */
export function Inspector() {
  const { userId } = useParams({ from: '/studio/users/$userId' });
  usePageTitle(userId);
  const client = useClient();
  const [after, setAfter] = useState<string>();
  const [result, again] = useQuery({ query: UserHistoryDocument, variables: { id: userId, after } });
  // A new list means a new event: the newest page of the history is read again.
  const listChanged = useCallback(
    () => void client.query(UserHistoryDocument, { id: userId }, { requestPolicy: 'network-only' }).toPromise(),
    [client, userId],
  );
  return (
    <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={1600} />}>
      {({ user }) =>
        user ? (
          <Stack gap="lg">
            <Head user={user} />
            <Inspection user={user} fetching={result.fetching} more={setAfter} listChanged={listChanged} />
          </Stack>
        ) : (
          <NotFound what="user" back={<LinkButton to="/studio/users">All users</LinkButton>} />
        )
      }
    </Loaded>
  );
}

function Head({ user }: { user: InspectedUser }) {
  return (
    <div>
      <LinkAnchor to="/studio/users" size="sm">
        All users
      </LinkAnchor>
      <Group justify="space-between" align="start">
        <div>
          <Title order={1}>{user.name || user.userId}</Title>
          <Text c="dimmed">
            {[user.name && user.userId, `since ${formatDate(user.createdAt)}`, user.persona].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <UserActions userId={user.userId} />
      </Group>
    </div>
  );
}

interface InspectionProps {
  user: InspectedUser;
  fetching: boolean;
  more: (cursor: string) => void;
  listChanged: () => void;
}

/** History and list, and what the list leaves out on trial. */
function Inspection({ user, fetching, more, listChanged }: InspectionProps) {
  const [without, setWithout] = useState<string[]>([]);
  const [includeSeen, setIncludeSeen] = useState(false);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <History user={user} fetching={fetching} without={without} setWithout={setWithout} more={more} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Paper withBorder p="lg">
          <Group justify="space-between" mb={4}>
            <Title order={2} size="h4">
              The list now
            </Title>
            <Switch
              label="Seen products too"
              checked={includeSeen}
              onChange={(event) => setIncludeSeen(event.currentTarget.checked)}
            />
          </Group>
          <LiveList userId={user.userId} options={{ without, includeSeen }} changed={listChanged} />
        </Paper>
      </Grid.Col>
    </Grid>
  );
}
