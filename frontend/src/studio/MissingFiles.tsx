import { Code, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { MissingFilesDocument } from '../api/generated/studio/graphql';
import { formatNumber, formatTime } from '../ui/format';

/** What the warehouse lacks. Shows nothing while it is whole. */
export function MissingFiles() {
  const [{ data }] = useQuery({ query: MissingFilesDocument, requestPolicy: 'cache-and-network' });
  const missing = data?.overview.warehouse.missing ?? [];
  if (missing.length === 0) return null;
  return (
    <Paper withBorder p="lg" component="section" aria-label="Missing from the warehouse">
      <Title order={2} size="h4">
        Missing from the warehouse
      </Title>
      <Text c="dimmed" size="sm">
        These files were damaged and set aside; trainings go on without them.{' '}
        <Code style={{ whiteSpace: 'nowrap' }}>valse verify --quarantine</Code> writes anew what the store has of them.
      </Text>
      <Stack gap="md" mt="md" component="ul" p={0} mb={0} style={{ listStyle: 'none' }}>
        {missing.map(({ file, reason, since, rows, restored }) => (
          <li key={file}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {file}
            </Text>
            <Text size="sm">
              {rows == null ? 'An unknown number of rows' : `${formatNumber(rows - restored)} rows`} · since {formatTime(since)}
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {reason}
            </Text>
          </li>
        ))}
      </Stack>
    </Paper>
  );
}
