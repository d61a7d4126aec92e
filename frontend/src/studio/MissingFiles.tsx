import { Code, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { MissingFilesDocument } from '../api/generated/studio/graphql';
import { formatNumber, formatTime } from '../ui/format';
import { WideTable } from './WideTable';

/** What the warehouse lacks. Shows nothing while it is whole. */
export function MissingFiles() {
  const [{ data }] = useQuery({ query: MissingFilesDocument, requestPolicy: 'cache-and-network' });
  const missing = data?.overview.warehouse.missing ?? [];
  if (missing.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label="Missing from the warehouse">
      <div>
        <Title order={2} size="h3">
          Missing from the warehouse
        </Title>
        <Text c="dimmed">
          These files were damaged and set aside; trainings go on without them. <Code>valse verify --quarantine</Code> writes anew
          what the store has of them.
        </Text>
      </div>
      <Paper withBorder>
        <WideTable label="Missing from the warehouse" minWidth={680}>
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Since</Table.Th>
                <Table.Th>File</Table.Th>
                <Table.Th ta="right">Rows</Table.Th>
                <Table.Th>Why</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {missing.map(({ file, reason, since, rows, restored }) => (
                <Table.Tr key={file}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(since)}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{file}</Table.Td>
                  <Table.Td ta="right">{rows == null ? 'unknown' : formatNumber(rows - restored)}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      </Paper>
    </Stack>
  );
}
