import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Button, Group, Paper, SegmentedControl, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMutation, useQuery } from 'urql';
import { OverviewDocument, type OverviewQuery, TransportNowDocument } from '../api/generated/studio/graphql';
import { formatBytes, formatCompact, formatNumber } from '../ui/format';
import { LinkAnchor, LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { activityRows, activitySummary, eventColours } from './activity';
import { qualityOf } from './quality';
import { dayRanges } from './routes';
import { RunStatus } from './RunStatus';

/** The partition at a glance. */
export function Overview() {
  usePageTitle('Overview');
  const { days = 90 } = useSearch({ from: '/studio/' });
  const [result, again] = useQuery({ query: OverviewDocument, variables: { days } });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Stack gap="lg">
      <Title order={1}>Overview</Title>
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={420} />}>
        {({ overview, runs }) => (
          <>
            <Numbers overview={overview} />
            <Activity overview={overview} days={days} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Serving overview={overview} />
              <Warehouse overview={overview} moved={retry} />
            </SimpleGrid>
            <Paper withBorder p="lg">
              <Title order={2} size="h4" mb="md">
                Latest runs
              </Title>
              {runs.length === 0 ? (
                <Text c="dimmed">Nothing has run yet. An import or a training shows here.</Text>
              ) : (
                <Stack gap="lg">
                  {runs.map((run) => (
                    <RunStatus key={run.id} run={run} />
                  ))}
                </Stack>
              )}
            </Paper>
          </>
        )}
      </Loaded>
    </Stack>
  );
}

type OverviewData = { overview: OverviewQuery['overview'] };

function Numbers({ overview }: OverviewData) {
  const numbers = { products: overview.products, users: overview.users, interactions: overview.interactions };
  return (
    <SimpleGrid cols={3} component="dl" m={0} spacing="sm">
      {Object.entries(numbers).map(([name, value]) => (
        <Paper key={name} withBorder p={{ base: 'sm', sm: 'lg' }}>
          <Text component="dt" c="dimmed" size="sm">
            {name}
          </Text>
          <Title component="dd" order={2} m={0} title={formatNumber(value)}>
            {formatCompact(value)}
          </Title>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function Activity({ overview, days }: OverviewData & { days: number }) {
  const navigate = useNavigate();
  const { rows, types } = activityRows(overview.activity);
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4">
          What people did
        </Title>
        <SegmentedControl
          aria-label="Days shown"
          size="xs"
          value={String(days)}
          onChange={(value) => navigate({ to: '/studio', search: { days: Number(value) } })}
          data={dayRanges.map((range) => ({ value: String(range), label: `${range} days` }))}
        />
      </Group>
      {types.length === 0 ? (
        <EmptyState title="No events in these days" action={<LinkButton to="/studio/data">Import data</LinkButton>}>
          Events arrive through an import, the shop or the API. Try a longer range.
        </EmptyState>
      ) : (
        <figure style={{ margin: 0 }}>
          <BarChart
            h={260}
            data={rows}
            dataKey="day"
            type="stacked"
            series={types.map((type) => ({ name: type, label: type.toLowerCase(), color: eventColours[type] }))}
            valueFormatter={formatNumber}
            yAxisProps={{ tickFormatter: (value: number) => formatCompact(value), width: 48 }}
            withLegend
            barProps={{ isAnimationActive: false }}
          />
          <Text component="figcaption" size="sm" c="dimmed">
            {activitySummary(overview.activity)}
          </Text>
        </figure>
      )}
    </Paper>
  );
}

function Serving({ overview }: OverviewData) {
  const model = overview.publishedModel;
  const quality = model && qualityOf(model);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="xs">
        Lists come from
      </Title>
      {model ? (
        <>
          <LinkAnchor to="/studio/models/$modelId" params={{ modelId: model.modelId }} fw={600}>
            {model.modelId}
          </LinkAnchor>
          <Text c="dimmed" size="sm">
            {model.settings.feedback.toLowerCase()}, rank {model.settings.rank}, from {formatCompact(model.interactions)}{' '}
            interactions
          </Text>
          {quality && (
            <Text mt="sm">
              {quality.metric} <b>{quality.value.toFixed(4)}</b>, {quality.baselineName} {quality.baseline.toFixed(4)}
            </Text>
          )}
        </>
      ) : (
        <>
          <Text c="dimmed" mb="md">
            No model is published, so lists are best-sellers.
          </Text>
          <LinkButton to="/studio/train">Train a model</LinkButton>
        </>
      )}
    </Paper>
  );
}

function Warehouse({ overview, moved }: OverviewData & { moved: () => void }) {
  const [{ fetching }, move] = useMutation(TransportNowDocument);
  const { rows, parts, bytes, lag } = overview.warehouse;
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Warehouse
        </Title>
        <Button size="xs" variant="default" loading={fetching} onClick={() => move({}).then(moved)}>
          Move now
        </Button>
      </Group>
      <Text>
        {formatNumber(rows)} interactions in {formatNumber(parts)} {parts === 1 ? 'part' : 'parts'}, {formatBytes(bytes)}
      </Text>
      <Text c="dimmed" size="sm">
        {lag === 0 ? 'Nothing waits to be moved.' : `${formatNumber(lag)} accepted events wait to be moved.`}
      </Text>
      <Text c="dimmed" size="sm" mt="sm">
        {overview.durability}
      </Text>
    </Paper>
  );
}
