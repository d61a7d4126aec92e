import { Table, Title } from '@mantine/core';
import type { Feedback, RunFieldsFragment } from '../api/generated/studio/graphql';
import { searchBoard } from './loss';
import { WideTable } from './WideTable';

/** The settings that a search has tried so far, the best first. */
export function SearchBoard({ points, feedback }: { points: RunFieldsFragment['points']; feedback: Feedback }) {
  const explicit = feedback === 'EXPLICIT';
  const board = searchBoard(points, explicit);
  if (board.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        Tried so far
      </Title>
      <WideTable label="Settings tried so far" minWidth={300} maxHeight={220}>
        <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Settings</Table.Th>
              <Table.Th ta="right">Validation {explicit ? 'RMSE' : 'NDCG@20'}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {board.map(({ series, metric }, index) => (
              <Table.Tr key={series} fw={index === 0 ? 600 : undefined}>
                <Table.Td>{series}</Table.Td>
                <Table.Td ta="right">{metric.toFixed(4)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </div>
  );
}
