import { Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useQuery } from 'urql';
import { UsersDocument } from '../api/generated/studio/graphql';
import { formatDate } from '../ui/format';
import { LinkAnchor } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { More } from './More';
import { useSearchText } from './useSearchText';

/** Finds a user to inspect. */
export function Users() {
  usePageTitle('Users');
  const { q = '' } = useSearch({ from: '/studio/users' });
  const [text, setText] = useSearchText('/studio/users', q);
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Users</Title>
        <Text c="dimmed">Open one to see what they did, the list they get for it, and why.</Text>
      </div>
      <TextInput
        label="Name or id starts with"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maw={420}
      />
      <UserTable key={q} search={q} />
    </Stack>
  );
}

function UserTable({ search }: { search: string }) {
  const [after, setAfter] = useState<string>();
  const [result, again] = useQuery({ query: UsersDocument, variables: { search: search || undefined, after } });
  return (
    <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={1800} />}>
      {({ users }) =>
        users.nodes.length === 0 ? (
          <EmptyState title="Nobody found">
            {search ? 'No name or id starts like this.' : 'Users appear with their first event or an import.'}
          </EmptyState>
        ) : (
          <Paper withBorder>
            <Table verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>User</Table.Th>
                  <Table.Th visibleFrom="sm">Taste</Table.Th>
                  <Table.Th visibleFrom="sm">Since</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {users.nodes.map((user) => (
                  <Table.Tr key={user.id}>
                    <Table.Td>
                      <LinkAnchor to="/studio/users/$userId" params={{ userId: user.userId }} fw={600}>
                        {user.name || user.userId}
                      </LinkAnchor>
                      <Text size="sm" c="dimmed">
                        {user.name && user.userId}
                        {user.persona && <Text span inherit hiddenFrom="sm">{` · ${user.persona}`}</Text>}
                      </Text>
                    </Table.Td>
                    <Table.Td visibleFrom="sm">{user.persona}</Table.Td>
                    <Table.Td visibleFrom="sm">{formatDate(user.createdAt)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <More connection={users} fetching={result.fetching} more={setAfter} />
          </Paper>
        )
      }
    </Loaded>
  );
}
