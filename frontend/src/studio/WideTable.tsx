import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps {
  /** What the table holds, for people who scroll it without seeing it. */
  label: string;
  minWidth: number;
  /** Pixels above which it scrolls down too. */
  maxHeight?: number;
  children: ReactNode;
}

/** Room for a table that is wider than a phone: it scrolls sideways, by keys too. */
export function WideTable({ label, minWidth, maxHeight, children }: WideTableProps) {
  return (
    <Table.ScrollContainer type="native" minWidth={minWidth} mah={maxHeight} role="region" aria-label={label} tabIndex={0}>
      {children}
    </Table.ScrollContainer>
  );
}
