import { Alert, Badge, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { CancelRunDocument, type RunFieldsFragment } from '../api/generated/studio/graphql';
import { formatAgo, formatTime } from '../ui/format';
import { LinkAnchor } from '../ui/links';
import { hasEnded } from './useRun';

const colours = {
  QUEUED: 'gray.5',
  RUNNING: 'amber.5',
  SUCCEEDED: 'petrol.5',
  FAILED: 'red.6',
  CANCELLED: 'gray.6',
} as const;

/** A run's state as a word behind a coloured dot. */
export function RunBadge({ state }: Pick<RunFieldsFragment, 'state'>) {
  return (
    <Badge color={colours[state]} variant="dot" tt="none" fw={500} style={{ flex: 'none' }}>
      {state.toLowerCase()}
    </Badge>
  );
}

/** How far a run is, what it is doing, why it failed, and a button to stop it. */
export function RunStatus({ run, titled = true }: { run: RunFieldsFragment; titled?: boolean }) {
  const [{ fetching }, cancel] = useMutation(CancelRunDocument);
  const ended = hasEnded(run);
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="start">
        <div>
          {titled && (
            <LinkAnchor to="/studio/runs/$runId" params={{ runId: run.runId }} fw={600}>
              {run.title}
            </LinkAnchor>
          )}
          <Text c="dimmed" size="sm" title={formatTime(run.createdAt)}>
            {formatAgo(run.createdAt)} · {run.cancelRequested && !ended ? 'stopping…' : run.message || 'waiting for a worker'}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap" style={{ flex: 'none' }}>
          <RunBadge state={run.state} />
          {!ended && (
            <Button
              size="xs"
              variant="default"
              loading={fetching || run.cancelRequested}
              onClick={() => cancel({ id: run.runId })}
            >
              Cancel
            </Button>
          )}
        </Group>
      </Group>
      {!ended && (
        <Progress value={run.progress * 100} animated aria-label={`${run.title}: progress`} transitionDuration={300} />
      )}
      {run.error && (
        <Alert color="red" variant="default" title="It failed" role="alert">
          {run.error}
        </Alert>
      )}
    </Stack>
  );
}
