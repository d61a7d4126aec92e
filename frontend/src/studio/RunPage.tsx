import { Alert, Paper, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { errorCode, errorMessage } from '../api/errors';
import { formatTime } from '../ui/format';
import { LinkButton } from '../ui/links';
import { NotFound } from '../ui/NotFound';
import { usePageTitle } from '../ui/usePageTitle';
import { askedFacts, type Fact, outcomeFacts } from './asked';
import { ImportReport, isImportReport } from './ImportReport';
import { RunStatus } from './RunStatus';
import { Outcome, RunCurve } from './RunWatch';
import { useRun } from './useRun';

/** One run: how far it is, its curve, what was asked for and what came out. */
export function RunPage() {
  const { runId } = useParams({ from: '/studio/runs/$runId' });
  usePageTitle('Run');
  const { run, error } = useRun(runId);
  if (error && !run && errorCode(error) === 'NOT_FOUND') return <NotFound what="run" back={<LinkButton to="/studio/runs">All runs</LinkButton>} />;
  if (error && !run) return <Alert color="red" variant="default">{errorMessage(error)}</Alert>;
  if (!run) return <Skeleton h={420} />;
  return (
    <Stack gap="lg">
      <Title order={1}>{run.title}</Title>
      <Paper withBorder p="lg">
        <Stack>
          <RunStatus run={run} titled={false} />
          <RunCurve run={run} />
          <Outcome run={run} />
          <Text c="dimmed" size="sm">
            Created {formatTime(run.createdAt)}
            {run.startedAt && ` · started ${formatTime(run.startedAt)}`}
            {run.endedAt && ` · ended ${formatTime(run.endedAt)}`}
          </Text>
        </Stack>
      </Paper>
      {isImportReport(run.output) && <ImportReport report={run.output} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Facts title="Asked for" facts={askedFacts(run.kind, run.input)} />
        {!isImportReport(run.output) && <Facts title="Came out" facts={outcomeFacts(run.kind, run.output)} />}
      </SimpleGrid>
    </Stack>
  );
}

function Facts({ title, facts }: { title: string; facts: Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <Paper withBorder p="lg" component="section" aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <Table>
        <Table.Tbody>
          {facts.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
