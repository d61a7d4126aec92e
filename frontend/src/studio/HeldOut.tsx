import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Paper, SegmentedControl, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ModelFieldsFragment } from '../api/generated/studio/graphql';
import { formatShare } from '../ui/format';
import { legendProps, pictured } from './charts';
import { contenders, cuts, type MetricName, metrics, type Report } from './metrics';
import { measuresNobody } from './quality';
import { WideTable } from './WideTable';

const colours = {
  mine: 'var(--valse-accent)',
  other: 'var(--valse-star)',
  baselines: ['gray.6', 'gray.4'],
};

/** Quality on held-out events at several list lengths: bars and a table, beside baselines and another model. */
export function HeldOut({ model, other }: { model: ModelFieldsFragment; other?: ModelFieldsFragment }) {
  const [metric, setMetric] = useState<MetricName>('ndcg');
  const nobody = model.evaluation ? measuresNobody(model.evaluation) : false;
  const rows = nobody ? [] : contenders(model, other);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4">
        Quality on held-out events
      </Title>
      {rows.length === 0 && !model.evaluation?.testRmse ? (
        <Text c="dimmed" mt="xs">
          {nobody
            ? 'It could not be measured: nobody has anything to find, there are too few events.'
            : 'It was not measured: train with “Measure on held-out events” switched on.'}
        </Text>
      ) : (
        <Stack mt="xs">
          <Text c="dimmed" size="sm">
            Split: {model.evaluation?.split}. The model did not see these events; a good one foretells them.
          </Text>
          <StarError model={model} other={other} />
          {rows.length > 0 && (
            <>
              <MetricChoice metric={metric} choose={setMetric} />
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
                <MetricBars rows={rows} metric={metric} compared={other !== undefined} />
                <MetricTable rows={rows} metric={metric} />
              </SimpleGrid>
            </>
          )}
        </Stack>
      )}
    </Paper>
  );
}

function MetricChoice({ metric, choose }: { metric: MetricName; choose: (metric: MetricName) => void }) {
  return (
    <div>
      <SegmentedControl
        aria-label="Metric"
        size="xs"
        value={metric}
        onChange={(value) => choose(value as MetricName)}
        data={Object.entries(metrics).map(([value, { name }]) => ({ value, label: name }))}
      />
      <Text size="sm" c="dimmed" mt={4} aria-live="polite">
        {metrics[metric].meaning}
      </Text>
    </div>
  );
}

interface RowsProps {
  rows: Report[];
  metric: MetricName;
}

function MetricBars({ rows, metric, compared }: RowsProps & { compared: boolean }) {
  const palette = [colours.mine, ...(compared ? [colours.other] : []), ...colours.baselines];
  const data = cuts(rows).map((k) => ({
    k: `top ${k}`,
    ...Object.fromEntries(rows.map((row) => [row.name, row.metrics.find((at) => at.k === k)?.[metric] ?? 0])),
  }));
  return (
    <BarChart
      h={260}
      data={data}
      dataKey="k"
      series={rows.map(({ name }, index) => ({ name, color: palette[index] ?? 'gray.5' }))}
      valueFormatter={(value) => value.toFixed(4)}
      yAxisProps={{ tickFormatter: (value: number) => value.toFixed(2), width: 40 }}
      withLegend
      legendProps={legendProps}
      barChartProps={pictured}
      barProps={{ isAnimationActive: false }}
    />
  );
}

function MetricTable({ rows, metric }: RowsProps) {
  const best = (k: number) => Math.max(...rows.map((row) => row.metrics.find((at) => at.k === k)?.[metric] ?? 0));
  return (
    <WideTable label="Metrics" minWidth={400}>
      <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{metrics[metric].name}</Table.Th>
            {cuts(rows).map((k) => (
              <Table.Th key={k}>@{k}</Table.Th>
            ))}
            <Table.Th title="Part of the catalogue that appears in any list of 20">Coverage</Table.Th>
            <Table.Th title="Mean self-information of recommended products: higher is less obvious">Novelty</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Th scope="row">{row.name}</Table.Th>
              {row.metrics.map((at) => (
                <Table.Td key={at.k} fw={at[metric] === best(at.k) ? 700 : undefined}>
                  {at[metric].toFixed(4)}
                </Table.Td>
              ))}
              <Table.Td>{formatShare(row.coverage)}</Table.Td>
              <Table.Td>{row.novelty.toFixed(1)} bits</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** The error of an explicit model, in stars. */
function StarError({ model, other }: { model: ModelFieldsFragment; other?: ModelFieldsFragment }) {
  const { testRmse, validationRmse, biasRmse } = model.evaluation ?? {};
  if (!testRmse) return null;
  const theirs = other?.evaluation?.testRmse;
  return (
    <Text>
      Off by <b>{testRmse.toFixed(4)}</b> stars on test (RMSE)
      {validationRmse ? `, ${validationRmse.toFixed(4)} on validation` : ''}
      {biasRmse ? `; biases alone ${biasRmse.toFixed(4)}` : ''}
      {theirs ? `; ${other?.modelId} ${theirs.toFixed(4)}` : ''}.
    </Text>
  );
}
