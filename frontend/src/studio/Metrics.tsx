import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Paper, SegmentedControl, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ModelFieldsFragment } from '../api/generated/studio/graphql';
import { contenders, cuts, metricNames, type MetricName } from './metrics';

const colours = ['var(--valse-accent)', 'var(--valse-star)', 'gray.6', 'gray.4'];

/** Held-out quality at several list lengths: bars and a table, beside baselines and another model. */
export function Metrics({ model, other }: { model: ModelFieldsFragment; other?: ModelFieldsFragment }) {
  const [metric, setMetric] = useState<MetricName>('ndcg');
  const rows = contenders(model, other);
  if (rows.length === 0) {
    return (
      <Paper withBorder p="lg">
        <Title order={2} size="h4" mb="xs">
          Quality
        </Title>
        <Text c="dimmed">It was not measured on held-out events: train with the measurement switched on.</Text>
      </Paper>
    );
  }
  const data = cuts(rows).map((k) => ({
    k: `top ${k}`,
    ...Object.fromEntries(rows.map((row) => [row.name, row.metrics.find((at) => at.k === k)?.[metric] ?? 0])),
  }));
  return (
    <Paper withBorder p="lg">
      <Stack>
        <div>
          <Title order={2} size="h4">
            Quality
          </Title>
          <Text c="dimmed" size="sm">
            Held out: {model.evaluation?.split}
          </Text>
        </div>
        <Stars model={model} />
        <SegmentedControl
          aria-label="Metric"
          w="fit-content"
          size="xs"
          value={metric}
          onChange={(value) => setMetric(value as MetricName)}
          data={Object.entries(metricNames).map(([value, label]) => ({ value, label }))}
        />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <BarChart
            h={240}
            data={data}
            dataKey="k"
            series={rows.map(({ name }, index) => ({ name, color: colours[index] ?? 'gray.5' }))}
            valueFormatter={(value) => value.toFixed(4)}
            withLegend
            barProps={{ isAnimationActive: false }}
          />
          <Table.ScrollContainer minWidth={320}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{metricNames[metric]}</Table.Th>
                  {cuts(rows).map((k) => (
                    <Table.Th key={k}>@{k}</Table.Th>
                  ))}
                  <Table.Th>Coverage</Table.Th>
                  <Table.Th>Novelty</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.name}>
                    <Table.Th scope="row">{row.name}</Table.Th>
                    {cuts(rows).map((k) => (
                      <Table.Td key={k}>{row.metrics.find((at) => at.k === k)?.[metric].toFixed(4)}</Table.Td>
                    ))}
                    <Table.Td>{(100 * row.coverage).toFixed(0)}%</Table.Td>
                    <Table.Td>{row.novelty.toFixed(1)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}

function Stars({ model }: { model: ModelFieldsFragment }) {
  const { testRmse, validationRmse, biasRmse } = model.evaluation ?? {};
  if (!testRmse) return null;
  return (
    <Text>
      RMSE <b>{testRmse.toFixed(4)}</b> on test
      {validationRmse ? `, ${validationRmse.toFixed(4)} on validation` : ''}; biases alone {biasRmse?.toFixed(4)}
    </Text>
  );
}
