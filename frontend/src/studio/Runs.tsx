import { Paper, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useQuery, useSubscription } from 'urql';
import { RunChangesDocument, RunsDocument } from '../api/generated/studio/graphql';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { runKinds } from './routes';
import { RunStatus } from './RunStatus';

/** Every run, newest first, as they go on. */
export function Runs() {
  usePageTitle('Runs');
  const navigate = useNavigate();
  const { kind } = useSearch({ from: '/studio/runs' });
  const [result, again] = useQuery({ query: RunsDocument, variables: { kind } });
  const [{ data: changed }] = useSubscription({ query: RunChangesDocument });
  // Known runs change in the cache; a new one needs the list again.
  const unknown = changed && result.data && !result.data.runs.some(({ id }) => id === changed.runs.id);
  useEffect(() => {
    if (unknown) again({ requestPolicy: 'network-only' });
  }, [unknown, again]);
  return (
    <Stack gap="lg">
      <Title order={1}>Runs</Title>
      <SegmentedControl
        aria-label="Kind of run"
        w="fit-content"
        value={kind ?? ''}
        onChange={(value) =>
          navigate({ to: '/studio/runs', search: { kind: runKinds.find((each) => each === value) } })
        }
        data={[{ value: '', label: 'All' }, ...runKinds.map((each) => ({ value: each, label: label(each) }))]}
      />
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={320} />}>
        {({ runs }) =>
          runs.length === 0 ? (
            <EmptyState title="No runs">Imports, trainings and publications show here while they work and after.</EmptyState>
          ) : (
            <Stack>
              {runs.map((run) => (
                <Paper key={run.id} withBorder p="md">
                  <RunStatus run={run} />
                </Paper>
              ))}
              {runs.length === 20 && (
                <Text c="dimmed" size="sm">
                  The newest 20 are shown.
                </Text>
              )}
            </Stack>
          )
        }
      </Loaded>
    </Stack>
  );
}

function label(kind: (typeof runKinds)[number]): string {
  return { IMPORT: 'Imports', TRAIN: 'Trainings', PUBLISH: 'Publications' }[kind];
}
