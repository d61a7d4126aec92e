import { Table, Text, VisuallyHidden } from '@mantine/core';
import type { RateFieldsFragment } from '../api/generated/studio/graphql';
import { formatNumber } from '../ui/format';
import classes from './RateRows.module.css';
import { formatRate } from './results';
import { WideTable } from './WideTable';

/** One rate to compare with others. */
export interface RateRow {
  name: string;
  hits: number;
  trials: number;
  rate: RateFieldsFragment;
}

interface RateRowsProps {
  /** What the rows are, like `Shelf`. */
  label: string;
  /** What a hit is, like `Clicks`. */
  hits: string;
  trials?: string;
  rows: RateRow[];
  /** What the bars are. */
  note?: string;
}

/** Rates below each other, each as a dot in its interval on one scale, with the figures beside it. */
export function RateRows({ label, hits, trials = 'Seen', rows, note = 'Bars are 95% intervals (Wilson score).' }: RateRowsProps) {
  const top = Math.max(...rows.filter(({ trials }) => trials > 0).map(({ rate }) => rate.high), 0.001);
  return (
    <div>
      <WideTable label={`Rates by ${label.toLowerCase()}`} minWidth={520}>
        <Table className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{label}</Table.Th>
              <Table.Th className={classes.figure}>{trials}</Table.Th>
              <Table.Th className={classes.figure}>{hits}</Table.Th>
              <Table.Th className={classes.figure}>Rate</Table.Th>
              <Table.Th className={classes.picture}>
                <span className={classes.scale}>
                  <span>0</span>
                  <span>{formatRate(top)}</span>
                </span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, hits, trials, rate }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" className={classes.name}>
                  {name}
                </Table.Th>
                <Table.Td className={classes.figure}>{formatNumber(trials)}</Table.Td>
                <Table.Td className={classes.figure}>{formatNumber(hits)}</Table.Td>
                <Table.Td className={classes.figure}>{rate.value == null ? '–' : formatRate(rate.value)}</Table.Td>
                <Table.Td className={classes.picture}>
                  {rate.value != null && <Interval rate={rate} top={top} />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="xs" c="dimmed" mt="xs">
        {note}
      </Text>
    </div>
  );
}

function Interval({ rate, top }: { rate: RateFieldsFragment; top: number }) {
  const at = (value: number) => `${(100 * Math.min(value, top)) / top}%`;
  return (
    <div className={classes.track}>
      <VisuallyHidden>{`between ${formatRate(rate.low)} and ${formatRate(rate.high)}`}</VisuallyHidden>
      <span className={classes.interval} style={{ left: at(rate.low), right: `calc(100% - ${at(rate.high)})` }} />
      <span className={classes.dot} style={{ left: at(rate.value ?? 0) }} />
    </div>
  );
}
