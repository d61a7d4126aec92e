import { Text } from '@mantine/core';
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatDay } from './activity';
import { pictured } from './charts';
import { formatRate, type RatePoint } from './results';

const ink = 'var(--mantine-color-dimmed)';

/** A rate by day as a line in the band of its interval. */
export function RateChart({ points, caption }: { points: RatePoint[]; caption: string }) {
  return (
    <figure style={{ margin: 0 }}>
      <ResponsiveContainer width="100%" height={260}>
        <ComposedChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} {...pictured}>
          <CartesianGrid vertical={false} stroke="var(--valse-line)" strokeDasharray="5 5" />
          <XAxis dataKey="day" tickFormatter={(day: string) => formatDay(day)} minTickGap={24} tick={{ fill: ink, fontSize: 12 }} tickLine={false} axisLine={false} />
          <YAxis tickFormatter={(rate: number) => `${Number((100 * rate).toFixed(2))}%`} width={56} tick={{ fill: ink, fontSize: 12 }} tickLine={false} axisLine={false} />
          <Tooltip content={Said} />
          <Area dataKey="interval" stroke="none" fill="var(--valse-accent)" fillOpacity={0.18} isAnimationActive={false} />
          <Line
            dataKey="value"
            stroke="var(--valse-accent)"
            strokeWidth={2}
            dot={{ r: 3, fill: 'var(--valse-accent)', strokeWidth: 0 }}
            isAnimationActive={false}
          />
        </ComposedChart>
      </ResponsiveContainer>
      <Text component="figcaption" size="sm" c="dimmed" mt="sm">
        {caption}
      </Text>
    </figure>
  );
}

/** What the chart says of the day under the pointer. */
function Said({ active, payload }: { active?: boolean; payload?: readonly { payload?: RatePoint }[] }) {
  const point = payload?.[0]?.payload;
  if (!active || !point?.interval) return null;
  const [low, high] = point.interval;
  return (
    <Text size="sm" px="sm" py={4} bg="var(--valse-surface)" style={{ border: '1px solid var(--valse-line)', borderRadius: 8 }}>
      {formatDay(point.day)}: {formatRate(point.value ?? 0)}, {formatRate(low)} to {formatRate(high)}
    </Text>
  );
}
