import type { ComponentProps } from 'react';
import type { BarChart } from '@mantine/charts';

/** For charts whose figures stand beside them in words or in a table: readers and keys pass them by. */
export const pictured = {
  accessibilityLayer: false,
  'aria-hidden': true,
  // Room for the labels at both ends, which would else move off their lines.
  margin: { top: 14, right: 10 },
} as ComponentProps<typeof BarChart>['barChartProps'] & object;

/** Legends in the order of the series, not of the alphabet. */
export const legendProps = { verticalAlign: 'bottom', itemSorter: null } as const;
