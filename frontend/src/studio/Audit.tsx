import { Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ActionsDocument, type ActionsQuery } from '../api/generated/studio/graphql';
import { formatTime } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { actionDetail, actionTitle } from './actions';
import { WideTable } from './WideTable';

const pageLength = 50;

/** What admins did, newest first. */
export function Audit() {
  usePageTitle('Audit');
  const [after, setAfter] = useState<string>();
  const [result, again] = useQuery({ query: ActionsDocument, variables: { after }, requestPolicy: 'cache-and-network' });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Audit</Title>
        <Text c="dimmed">What was done in this studio and on the command line, by whom and from where.</Text>
      </div>
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={320} />}>
        {({ actions }) =>
          actions.length === 0 ? (
            <EmptyState title="Nothing here">{after ? 'There is nothing older.' : 'What admins do shows here.'}</EmptyState>
          ) : (
            <Actions actions={actions} />
          )
        }
      </Loaded>
      <Group>
        {after && (
          <Button variant="default" onClick={() => setAfter(undefined)}>
            Newest
          </Button>
        )}
        {result.data?.actions.length === pageLength && (
          <Button variant="default" loading={result.fetching} onClick={() => setAfter(result.data?.actions.at(-1)?.id)}>
            Older
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Actions({ actions }: ActionsQuery) {
  return (
    <Paper withBorder>
      <WideTable label="Audit log" minWidth={720}>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Outcome</Table.Th>
              <Table.Th>Who</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {actions.map((action) => (
              <Table.Tr key={action.id}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(action.at)}</Table.Td>
                <Table.Td>
                  <Text size="sm" fw={600}>
                    {actionTitle(action.name)}
                  </Text>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {actionDetail(action.detail)}
                  </Text>
                </Table.Td>
                <Table.Td c={action.outcome === 'done' ? undefined : 'var(--mantine-color-error)'}>{action.outcome}</Table.Td>
                <Table.Td>
                  <Text size="sm">{action.actor}</Text>
                  <Text size="xs" c="dimmed">
                    {action.address}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
