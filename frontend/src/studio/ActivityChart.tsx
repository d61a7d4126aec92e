import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Group, Paper, SegmentedControl, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { formatNumber, formatTick } from '../ui/format';
import { LinkButton } from '../ui/links';
import { EmptyState } from '../ui/States';
import { activityRows, activitySummary, type Day, eventColours, formatDay } from './activity';
import { legendProps, pictured } from './charts';
import { dayRanges } from './routes';

interface ActivityChartProps {
  activity: Day[];
  days: number;
  /** All events there are, of whatever day. */
  interactions: number;
}

/** What people did each day, as a stacked chart. */
export function ActivityChart({ activity, days, interactions }: ActivityChartProps) {
  const navigate = useNavigate();
  const { rows, types } = activityRows(activity);
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
          onChange={(value) => navigate({ to: '/studio', search: { days: Number(value) }, resetScroll: false })}
          data={dayRanges.map((range) => ({ value: String(range), label: `${range} days` }))}
        />
      </Group>
      {types.length === 0 ? (
        <EmptyState title="No events in these days" action={<LinkButton to="/studio/data">Import data</LinkButton>}>
          Events arrive through an import, the shop or the API. Those of another time show in a longer range.
        </EmptyState>
      ) : (
        <figure style={{ margin: 0 }}>
          <BarChart
            h={300}
            data={rows}
            dataKey="day"
            type="stacked"
            series={types.map((type) => ({ name: type, label: type.toLowerCase(), color: eventColours[type] }))}
            valueFormatter={formatNumber}
            xAxisProps={{ tickFormatter: (day: string) => formatDay(day), minTickGap: 24 }}
            yAxisProps={{ tickFormatter: (value: number) => formatTick(value), width: 48 }}
            withLegend
            legendProps={legendProps}
            barChartProps={pictured}
            barProps={{ isAnimationActive: false }}
          />
          <Text component="figcaption" size="sm" c="dimmed" mt="sm">
            {activitySummary(activity, interactions)}
          </Text>
        </figure>
      )}
    </Paper>
  );
}
