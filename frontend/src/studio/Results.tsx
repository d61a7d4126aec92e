import { Group, Paper, SegmentedControl, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { type ResultsBy, ResultsDocument, type ResultsQuery } from '../api/generated/studio/graphql';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { RateChart } from './RateChart';
import { RateRows } from './RateRows';
import {
  daysBefore, type Grouping, groupings, groupName, type ResultsSearch, ratePoints, type StepName, steps, summary, whyEmpty,
} from './results';

/** What lists led to: rates of clicks, carts and purchases over time, by shelf, model, rules or arm. */
export function Results() {
  usePageTitle('Results');
  const { from, to, by = 'shelf', step = 'click' } = useSearch({ from: '/studio/results' });
  const change = useChange();
  const [result, again] = useQuery({
    query: ResultsDocument,
    variables: { from, to, by: by.toUpperCase() as ResultsBy },
    requestPolicy: 'cache-and-network',
  });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Results</Title>
        <Text c="dimmed">What people did with the products that lists showed them.</Text>
      </div>
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={640} />}>
        {({ results }) => (
          <>
            <Days from={results.from} to={results.to} change={change} />
            {results.total.funnel.impressions === 0 ? (
              <EmptyState title="No list was seen in these days">{whyEmpty(results)}</EmptyState>
            ) : (
              <>
                <OverTime results={results} step={step} change={change} />
                <ByGroup results={results} by={by} step={step} change={change} />
              </>
            )}
          </>
        )}
      </Loaded>
    </Stack>
  );
}

type Change = (search: ResultsSearch) => void;

/** Changes some of the page's address and keeps the rest. */
function useChange(): Change {
  const navigate = useNavigate();
  return (search) =>
    void navigate({ to: '/studio/results', search: (old: ResultsSearch) => ({ ...old, ...search }), replace: true, resetScroll: false });
}

const ranges = [7, 28, 90, 365];

function Days({ from, to, change }: { from: string; to: string; change: Change }) {
  const shown = ranges.find((days) => from === daysBefore(to, days - 1));
  return (
    <Group align="end" gap="sm">
      <SegmentedControl
        aria-label="Days shown"
        size="xs"
        value={String(shown ?? '')}
        onChange={(days) => change({ from: daysBefore(to, Number(days) - 1), to })}
        data={ranges.map((days) => ({ value: String(days), label: `${days} days` }))}
      />
      <Group gap="sm" wrap="nowrap">
        <TextInput type="date" size="xs" label="From" max={to} value={from} onChange={({ target }) => target.value && change({ from: target.value, to })} />
        <TextInput type="date" size="xs" label="To" min={from} value={to} onChange={({ target }) => target.value && change({ from, to: target.value })} />
      </Group>
    </Group>
  );
}

interface PartProps {
  results: ResultsQuery['results'];
  step: StepName;
  change: Change;
}

function OverTime({ results, step, change }: PartProps) {
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4">
          {steps[step].name} per product seen
        </Title>
        <SegmentedControl
          aria-label="What is counted"
          size="xs"
          value={step}
          onChange={(value) => change({ step: value === 'click' ? undefined : (value as StepName) })}
          data={Object.entries(steps).map(([value, { name }]) => ({ value, label: name }))}
        />
      </Group>
      <RateChart points={ratePoints(results.total.days, step)} caption={summary(results.total.funnel, results.purchases)} />
    </Paper>
  );
}

function ByGroup({ results, by, step, change }: PartProps & { by: Grouping }) {
  const { name, rate, count } = steps[step];
  const rows = results.groups.map((group) => ({
    name: groupName(group),
    hits: group.funnel[count],
    trials: group.funnel.impressions,
    rate: group.funnel[rate],
  }));
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4">
          By {groupings[by].toLowerCase()}
        </Title>
        <SegmentedControl
          aria-label="Told apart by"
          size="xs"
          value={by}
          onChange={(value) => change({ by: value === 'shelf' ? undefined : (value as Grouping) })}
          data={Object.entries(groupings).map(([value, label]) => ({ value, label }))}
        />
      </Group>
      {rows.length === 0 ? (
        <Text c="dimmed">No list was part of an experiment in these days.</Text>
      ) : (
        <RateRows label={groupings[by]} hits={name} rows={rows} />
      )}
      <Text size="sm" c="dimmed" mt="sm">
        The intervals take every look for a separate chance. People differ, so true uncertainty is somewhat larger; an experiment measures it.
      </Text>
    </Paper>
  );
}
