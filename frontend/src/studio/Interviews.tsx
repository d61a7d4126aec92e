import { Badge, Group, Paper, Table, Text, Title } from '@mantine/core';
import type { Asking, ModelFieldsFragment } from '../api/generated/studio/graphql';
import { formatNumber } from '../ui/format';
import { WideTable } from './WideTable';

const ways: Record<Asking, { name: string; meaning: string }> = {
  POPULAR: { name: 'Best-sellers in turn', meaning: 'what most people know' },
  VARIANCE: { name: 'Least certain score', meaning: 'yᵀA⁻¹y, the D-optimal design' },
  RELATIVE_VARIANCE: { name: 'Least certain for its size', meaning: 'yᵀA⁻¹y/(yᵀy)²' },
  FARTHEST: { name: 'Would change most', meaning: 'two best-sellers, then (1 − yᵀx)/|y|' },
};

/** A recall, which is 0 where nobody knew enough to be asked so often. */
const recall = (value: number) => (value === 0 ? '–' : value.toFixed(3));

/** How a model asks newcomers, and what every way of asking came to. */
export function Interviews({ interviews }: { interviews: ModelFieldsFragment['interviews'] }) {
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4">
        Five questions
      </Title>
      {interviews ? (
        <>
          <Text c="dimmed" size="sm" mt="xs" mb="sm">
            {formatNumber(interviews.people)} people whom a model had never seen were asked about best-sellers that they know, and
            recommended the rest. Newcomers are asked in the way that beat best-sellers by more than chance, if one did.
          </Text>
          <WideTable label="Ways of asking" minWidth={420}>
            <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Recall@20</Table.Th>
                  <Table.Th>after 5 answers</Table.Th>
                  <Table.Th>after 10</Table.Th>
                  <Table.Th title="Mean over people of both lists, with one standard error">better by</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {interviews.ways.map(({ asking, afterFive, afterTen, gain, deviation }) => (
                  <Table.Tr key={asking} fw={asking === interviews.asking ? 700 : undefined}>
                    <Table.Th scope="row" fw="inherit">
                      <Group gap="xs">
                        {ways[asking].name}
                        {asking === interviews.asking && <Badge variant="light">asked so</Badge>}
                      </Group>
                      <Text size="xs" c="dimmed">
                        {ways[asking].meaning}
                      </Text>
                    </Table.Th>
                    <Table.Td>{recall(afterFive)}</Table.Td>
                    <Table.Td>{recall(afterTen)}</Table.Td>
                    <Table.Td>{asking === 'POPULAR' ? '' : `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(3)} ± ${deviation.toFixed(3)}`}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </>
      ) : (
        <Text c="dimmed" mt="xs">
          How best to ask newcomers was not measured: that goes with “Measure on held-out events”, and takes fifty people with
          enough to tell.
        </Text>
      )}
    </Paper>
  );
}
