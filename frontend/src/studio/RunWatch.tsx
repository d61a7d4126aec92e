import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { type RunFieldsFragment, RunsDocument } from '../api/generated/studio/graphql';
import { LinkButton } from '../ui/links';
import { LossChart } from './LossChart';
import { RunStatus } from './RunStatus';
import { SearchBoard } from './SearchBoard';
import { askedOf, type TrainOutput } from './training';
import { hasEnded, useRun } from './useRun';

/** The training asked for, or the latest there was, as it goes on: bar, curve, and where its model is. */
export function RunWatch({ id }: { id: string | undefined }) {
  const [latest] = useQuery({ query: RunsDocument, variables: { kind: 'TRAIN' }, pause: id !== undefined });
  const watched = id ?? latest.data?.runs[0]?.runId;
  const { run, error } = useRun(watched);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        {id || !run ? 'Progress' : 'The latest training'}
      </Title>
      {error && !run ? (
        <Alert color="red" variant="default">
          {errorMessage(error)}
        </Alert>
      ) : run ? (
        <Stack>
          <RunStatus run={run} />
          <RunCurve run={run} />
          <Outcome run={run} latest />
        </Stack>
      ) : watched || latest.fetching ? (
        <Skeleton h={370} />
      ) : (
        <Text c="dimmed">Start a training: its curve is drawn here while the loss falls.</Text>
      )}
    </Paper>
  );
}

/** The curve of a training, and the settings it tried before. */
export function RunCurve({ run }: { run: RunFieldsFragment }) {
  if (run.kind !== 'TRAIN') return null;
  const { feedback, sweeps } = askedOf(run.input);
  const curve = run.points.filter(({ series }) => series === '');
  return (
    <>
      <SearchBoard points={run.points} feedback={feedback} />
      {(curve.length > 0 || !hasEnded(run)) && <LossChart points={curve} sweeps={sweeps} />}
    </>
  );
}

/** Where the model of a training is, and why it does not serve if that was asked for; the latest may be what the shop shows. */
export function Outcome({ run, latest = false }: { run: RunFieldsFragment; latest?: boolean }) {
  const output = run.output as TrainOutput | null;
  if (run.kind !== 'TRAIN' || !output?.modelId) return null;
  return (
    <Stack gap="xs">
      {output.refused && (
        <Alert color="amber" variant="default" title="Not published">
          The {output.refused}. The model is kept; publish it from its page if you know better.
        </Alert>
      )}
      <Group>
        <LinkButton to="/studio/models/$modelId" params={{ modelId: output.modelId }}>
          Open the model
        </LinkButton>
        {latest && output.published && (
          <Button component="a" href="/" variant="default">
            See it in the shop
          </Button>
        )}
      </Group>
    </Stack>
  );
}
