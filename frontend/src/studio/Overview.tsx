import { Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useQuery, useSubscription } from 'urql';
import { OverviewDocument, type OverviewQuery, RunChangesDocument } from '../api/generated/studio/graphql';
import { LinkAnchor } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { usePageTitle } from '../ui/usePageTitle';
import { ActivityChart } from './ActivityChart';
import { Collect, Learn, Recommend } from './OverviewBeats';
import { RunStatus } from './RunStatus';
import { hasEnded } from './useRun';

/** The partition at a glance: what was collected, learned and recommended, as it goes on. */
export function Overview() {
  usePageTitle('Overview');
  const { days = 90 } = useSearch({ from: '/studio/' });
  const [result, again] = useQuery({ query: OverviewDocument, variables: { days } });
  const retry = () => again({ requestPolicy: 'network-only' });
  useRunChanges(result.data, retry);
  return (
    <Stack gap="lg">
      <Title order={1}>Overview</Title>
      <Loaded result={result} retry={retry} skeleton={<OverviewSkeleton />}>
        {(data) => (
          <>
            <SimpleGrid cols={{ base: 1, md: 3 }}>
              <Collect overview={data.overview} moved={retry} />
              <Learn overview={data.overview} />
              <Recommend data={data} />
            </SimpleGrid>
            <ActivityChart activity={data.overview.activity} days={days} interactions={data.overview.interactions} />
            <LatestRuns runs={data.runs} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

/** Reads the page again when a run begins that it does not show, or when one ends. */
function useRunChanges(shown: OverviewQuery | undefined, again: () => void) {
  const [{ data }] = useSubscription({ query: RunChangesDocument });
  const changed = data?.runs;
  const known = changed && shown?.runs.some(({ id }) => id === changed.id);
  const news = changed && (!known || hasEnded(changed)) ? `${changed.id} ${changed.state}` : undefined;
  useEffect(() => {
    if (news) again();
    // Once per run and state, however often the page is drawn.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [news]);
}

function LatestRuns({ runs }: Pick<OverviewQuery, 'runs'>) {
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="md">
        Latest runs
      </Title>
      {runs.length === 0 ? (
        <Text c="dimmed">Nothing has run yet. An import or a training shows here while it works and after.</Text>
      ) : (
        <Stack gap="lg">
          {runs.map((run) => (
            <RunStatus key={run.id} run={run} />
          ))}
          <LinkAnchor to="/studio/runs" size="sm">
            All runs
          </LinkAnchor>
        </Stack>
      )}
    </Paper>
  );
}

function OverviewSkeleton() {
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        <Skeleton h={228} />
        <Skeleton h={228} />
        <Skeleton h={228} />
      </SimpleGrid>
      <Skeleton h={420} />
    </>
  );
}
