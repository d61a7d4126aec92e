import { Paper, Table, Title } from '@mantine/core';
import type { ModelFieldsFragment } from '../api/generated/studio/graphql';
import { WideTable } from './WideTable';

/** The points of the search that chose a model's settings, best first. */
export function Leaderboard({ model }: { model: ModelFieldsFragment }) {
  if (model.grid.length === 0) return null;
  const explicit = model.settings.feedback === 'EXPLICIT';
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        The search that chose these settings
      </Title>
      <WideTable label="Search" minWidth={520}>
        <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Rank</Table.Th>
              <Table.Th>Sweeps</Table.Th>
              <Table.Th>λ</Table.Th>
              {!explicit && <Table.Th>w₀</Table.Th>}
              <Table.Th>Validation {explicit ? 'RMSE' : 'NDCG@20'}</Table.Th>
              <Table.Th>Test</Table.Th>
              <Table.Th aria-label="Outcome" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {model.grid.map((trial, index) => (
              <Table.Tr key={index} fw={trial.best ? 600 : undefined}>
                <Table.Td>{trial.settings.rank}</Table.Td>
                <Table.Td>{trial.settings.iterations}</Table.Td>
                <Table.Td>{trial.settings.reg}</Table.Td>
                {!explicit && <Table.Td>{trial.settings.unobservedWeight}</Table.Td>}
                <Table.Td>{trial.skipped ? '–' : trial.validation.toFixed(4)}</Table.Td>
                <Table.Td>{trial.skipped ? '–' : trial.test.toFixed(4)}</Table.Td>
                <Table.Td>{trial.best ? 'best' : trial.skipped}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
