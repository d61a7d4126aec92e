import { Alert, Badge, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { CancelRunDocument, type RunFieldsFragment } from '../api/generated/studio/graphql';
import { formatAgo } from '../ui/format';
import { LinkAnchor } from '../ui/links';
import { hasEnded } from './useRun';

const colours = {
  QUEUED: 'gray',
  RUNNING: 'petrol',
  SUCCEEDED: 'teal.9',
  FAILED: 'red.9',
  CANCELLED: 'gray.7',
} as const;

/** A run's state as a word on a colour. */
export function RunBadge({ state }: Pick<RunFieldsFragment, 'state'>) {
  return (
    <Badge color={colours[state]} variant="filled" radius="sm">
      {state.toLowerCase()}
    </Badge>
  );
}

/** How far a run is, what it is doing, why it failed, and a button to stop it. */
export function RunStatus({ run }: { run: RunFieldsFragment }) {
  const [{ fetching }, cancel] = useMutation(CancelRunDocument);
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="start">
        <div>
          <LinkAnchor to="/studio/runs/$runId" params={{ runId: run.runId }} fw={600}>
            {run.title}
          </LinkAnchor>
          <Text c="dimmed" size="sm">
            {formatAgo(run.createdAt)} · {run.cancelRequested && !hasEnded(run) ? 'stopping…' : run.message || 'waiting for a worker'}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <RunBadge state={run.state} />
          {!hasEnded(run) && (
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
      {!hasEnded(run) && (
        <Progress value={run.progress * 100} animated aria-label={`${run.title}: progress`} transitionDuration={300} />
      )}
      {run.error && (
        <Alert color="red" title="It failed" role="alert">
          {run.error}
        </Alert>
      )}
    </Stack>
  );
}
