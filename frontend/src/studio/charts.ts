import type { ComponentProps } from 'react';
import type { BarChart } from '@mantine/charts';

/** For charts whose figures stand beside them in words or in a table: readers and keys pass them by. */
export const pictured = { accessibilityLayer: false, 'aria-hidden': true } as ComponentProps<typeof BarChart>['barChartProps'] & object;

/** Legends in the order of the series, not of the alphabet. */
export const legendProps = { verticalAlign: 'bottom', height: 40, itemSorter: null } as const;
