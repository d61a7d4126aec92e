import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Text } from '@mantine/core';
import { formatLoss, lossSummary } from './loss';

/** One point of a curve. */
export interface LossPoint {
  step: number;
  loss: number;
}

/** The loss after each sweep, as a line that grows while it is trained. */
export function LossChart({ points, sweeps }: { points: LossPoint[]; sweeps?: number }) {
  if (points.length === 0) {
    return (
      <Text c="dimmed" py="xl" ta="center">
        The curve starts with the first sweep.
      </Text>
    );
  }
  return (
    <figure style={{ margin: 0 }}>
      <LineChart
        h={260}
        data={points}
        dataKey="step"
        series={[{ name: 'loss', color: 'var(--valse-accent)' }]}
        curveType="monotone"
        withDots={points.length < 40}
        valueFormatter={formatLoss}
        xAxisProps={{ type: 'number', domain: [1, Math.max(sweeps ?? 0, points.at(-1)?.step ?? 1, 2)], allowDecimals: false }}
        yAxisProps={{ width: 64, domain: ['auto', 'auto'] }}
        xAxisLabel="sweep"
        lineChartProps={{ 'aria-hidden': true } as object}
      />
      <Text component="figcaption" size="sm" c="dimmed">
        {lossSummary(points)}
      </Text>
    </figure>
  );
}
