import { Button, Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { UsersDocument } from '../api/generated/studio/graphql';
import { formatDate, formatNumber } from '../ui/format';
import { LinkAnchor } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';

/** Finds a user to inspect. */
export function Users() {
  usePageTitle('Users');
  const navigate = useNavigate();
  const { q = '' } = useSearch({ from: '/studio/users' });
  const [text, setText] = useState(q);
  const [search] = useDebouncedValue(text, 250);
  useEffect(() => {
    void navigate({ to: '/studio/users', search: search ? { q: search } : {}, replace: true });
  }, [search, navigate]);
  return (
    <Stack gap="lg">
      <Title order={1}>Users</Title>
      <TextInput
        label="Name or id starts with"
        leftSection={<IconSearch size={16} />}
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
    <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={320} />}>
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
                      {user.name && (
                        <Text size="sm" c="dimmed">
                          {user.userId}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td visibleFrom="sm">{user.persona}</Table.Td>
                    <Table.Td visibleFrom="sm">{formatDate(user.createdAt)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <Stack p="md" gap="xs" align="center">
              <Text size="sm" c="dimmed">
                {formatNumber(users.nodes.length)} of {formatNumber(users.totalCount ?? users.nodes.length)}
              </Text>
              {users.pageInfo.hasNextPage && (
                <Button variant="default" loading={result.fetching} onClick={() => setAfter(users.pageInfo.endCursor ?? undefined)}>
                  Show more
                </Button>
              )}
            </Stack>
          </Paper>
        )
      }
    </Loaded>
  );
}
