import { Alert, Code, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { errorMessage } from '../api/errors';
import { formatTime } from '../ui/format';
import { usePageTitle } from '../ui/usePageTitle';
import { ImportReport, isImportReport } from './ImportReport';
import { RunStatus } from './RunStatus';
import { RunCurve } from './RunWatch';
import { useRun } from './useRun';

/** One run: how far it is, its curve, what was asked for and what came out. */
export function RunPage() {
  const { runId } = useParams({ from: '/studio/runs/$runId' });
  usePageTitle('Run');
  const { run, error } = useRun(runId);
  if (error && !run) return <Alert color="red" variant="default">{errorMessage(error)}</Alert>;
  if (!run) return <Skeleton h={420} />;
  return (
    <Stack gap="lg">
      <Title order={1}>{run.title}</Title>
      <Paper withBorder p="lg">
        <Stack>
          <RunStatus run={run} titled={false} />
          <RunCurve run={run} />
          <Text c="dimmed" size="sm">
            Created {formatTime(run.createdAt)}
            {run.startedAt && ` · started ${formatTime(run.startedAt)}`}
            {run.endedAt && ` · ended ${formatTime(run.endedAt)}`}
          </Text>
        </Stack>
      </Paper>
      {isImportReport(run.output) && <ImportReport report={run.output} />}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Json title="Asked for" value={run.input} />
        {!isImportReport(run.output) && <Json title="Came out" value={run.output} />}
      </SimpleGrid>
    </Stack>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <Code block tabIndex={0}>
        {JSON.stringify(value, null, 2)}
      </Code>
    </Paper>
  );
}
