import { Alert, Paper, Table, Title } from '@mantine/core';
import type { ModelFieldsFragment } from '../api/generated/studio/graphql';
import { WideTable } from './WideTable';

/** How much events count, in few words. */
function confidence({ binary, halfLife }: { binary: boolean; halfLife: number }): string {
  if (binary) return 'all alike';
  return halfLife > 0 ? `half after ${halfLife} days` : 'by type';
}

function verdictTitle({ winner, refused }: { winner: string; refused: boolean }): string {
  if (refused) return 'Best-sellers do better here';
  return winner === 'ALS' ? 'The model won' : `${winner} ranks better here`;
}

/** The points of the search that chose a model's settings, best first. */
export function Leaderboard({ model }: { model: ModelFieldsFragment }) {
  if (model.grid.length === 0) return null;
  const explicit = model.settings.feedback === 'EXPLICIT';
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        The search that chose these settings
      </Title>
      {model.tuned && (
        <Alert mb="sm" color={model.tuned.refused ? 'orange' : 'teal'} title={verdictTitle(model.tuned)}>
          {model.tuned.advice}
        </Alert>
      )}
      <WideTable label="Search" minWidth={560}>
        <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Rank</Table.Th>
              <Table.Th>Sweeps</Table.Th>
              <Table.Th>λ</Table.Th>
              {!explicit && <Table.Th>w₀</Table.Th>}
              {!explicit && <Table.Th>Confidence</Table.Th>}
              <Table.Th>Validation {explicit ? 'RMSE' : 'NDCG@20'}</Table.Th>
              <Table.Th>Test</Table.Th>
              <Table.Th aria-label="Outcome" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {model.grid.map((trial, index) => (
              <Table.Tr key={index} fw={trial.best ? 600 : undefined}>
                {trial.name ? (
                  <Table.Td colSpan={explicit ? 3 : 5}>{trial.name}</Table.Td>
                ) : (
                  <>
                    <Table.Td>{trial.settings.rank}</Table.Td>
                    <Table.Td>{trial.settings.iterations}</Table.Td>
                    <Table.Td>{trial.settings.reg}</Table.Td>
                    {!explicit && <Table.Td>{trial.settings.unobservedWeight}</Table.Td>}
                    {!explicit && <Table.Td>{confidence(trial.settings)}</Table.Td>}
                  </>
                )}
                <Table.Td>{trial.skipped ? '–' : trial.validation.toFixed(4)}</Table.Td>
                <Table.Td>{trial.skipped || trial.test === 0 ? '–' : trial.test.toFixed(4)}</Table.Td>
                <Table.Td>{trial.best ? 'best' : trial.skipped}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
