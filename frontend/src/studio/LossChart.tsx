import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Text } from '@mantine/core';
import { pictured } from './charts';
import { formatLoss, lossSummary } from './loss';
import classes from './LossChart.module.css';

/** One point of a curve. */
export interface LossPoint {
  step: number;
  loss: number;
}

interface LossChartProps {
  points: LossPoint[];
  /** How many sweeps there will be; the axis keeps room for them. */
  sweeps?: number;
  /** Said while there is no point. */
  waiting?: string;
}

/** The loss after each sweep, as a line that grows while it is trained. */
export function LossChart({ points, sweeps = 0, waiting = 'The curve starts with the first sweep.' }: LossChartProps) {
  const last = Math.max(sweeps, points.at(-1)?.step ?? 1, 2);
  return (
    <figure className={classes.figure}>
      <LineChart
        h={260}
        data={points}
        dataKey="step"
        series={[{ name: 'loss', color: 'var(--valse-accent)' }]}
        curveType="monotone"
        withDots={points.length < 40}
        valueFormatter={formatLoss}
        xAxisProps={{ type: 'number', domain: [1, last], tickCount: Math.min(last, 12), allowDecimals: false }}
        yAxisProps={{ width: 56, domain: ['auto', 'auto'] }}
        lineChartProps={pictured}
        lineProps={{ isAnimationActive: false }}
      />
      <Text component="figcaption" size="sm" c="dimmed" aria-live="polite">
        {points.length === 0 ? waiting : lossSummary(points)}
      </Text>
    </figure>
  );
}
