import { Paper, Table, Title } from '@mantine/core';
import type { ModelFieldsFragment } from '../api/generated/studio/graphql';
import { settingsRows } from './settings';
import { WideTable } from './WideTable';

/** What a model was trained to, beside another's where they are compared. */
export function SettingsTable({ model, other }: { model: ModelFieldsFragment; other?: ModelFieldsFragment }) {
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Settings
      </Title>
      <WideTable label="Settings of the model" minWidth={other ? 380 : 240}>
        <Table>
          {other && (
            <Table.Thead>
              <Table.Tr>
                <Table.Th aria-label="Setting" />
                <Table.Th>this model</Table.Th>
                <Table.Th>{other.modelId}</Table.Th>
              </Table.Tr>
            </Table.Thead>
          )}
          <Table.Tbody>
            {settingsRows(model.settings, other?.settings).map(({ name, value, otherValue, differs }) => (
              <Table.Tr key={name} fw={differs ? 600 : undefined}>
                <Table.Th scope="row" fw={400}>
                  {name}
                </Table.Th>
                <Table.Td>{value}</Table.Td>
                {other && <Table.Td>{otherValue}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
