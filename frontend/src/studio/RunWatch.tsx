import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { errorMessage } from '../api/errors';
import type { RunFieldsFragment } from '../api/generated/studio/graphql';
import { LinkButton } from '../ui/links';
import { LossChart } from './LossChart';
import { RunStatus } from './RunStatus';
import { useRun } from './useRun';

/** What a training puts out. */
interface TrainOutput {
  modelId?: string;
  published?: boolean;
  refused?: string;
}

/** A training as it goes on: bar, curve, and where its model is. */
export function RunWatch({ id }: { id: string | undefined }) {
  const { run, error } = useRun(id);
  if (!id) {
    return (
      <Paper withBorder p="lg">
        <Title order={2} size="h4" mb="xs">
          Loss
        </Title>
        <Text c="dimmed">Start a training: its curve is drawn here while the loss falls.</Text>
      </Paper>
    );
  }
  return (
    <Paper withBorder p="lg">
      {error && !run ? (
        <Alert color="red">{errorMessage(error)}</Alert>
      ) : run ? (
        <Stack>
          <RunStatus run={run} />
          <RunCurve run={run} />
          <Outcome output={run.output as TrainOutput | null} />
        </Stack>
      ) : (
        <Skeleton h={320} />
      )}
    </Paper>
  );
}

/** The main curve of a run; the points of a search are on the model's page. */
export function RunCurve({ run }: { run: RunFieldsFragment }) {
  if (run.kind !== 'TRAIN') return null;
  return <LossChart points={run.points.filter(({ series }) => series === '')} />;
}

function Outcome({ output }: { output: TrainOutput | null }) {
  if (!output?.modelId) return null;
  return (
    <Stack gap="xs">
      {output.refused && (
        <Alert color="amber" title="Not published">
          {output.refused}. The model is kept; publish it from its page if you know better.
        </Alert>
      )}
      <Group>
        <LinkButton to="/studio/models/$modelId" params={{ modelId: output.modelId }}>
          Open the model
        </LinkButton>
        {output.published && (
          <Button component="a" href="/" variant="default">
            See it in the shop
          </Button>
        )}
      </Group>
    </Stack>
  );
}
