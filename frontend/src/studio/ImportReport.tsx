import { SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { formatNumber } from '../ui/format';
import { type Report, reportNumbers } from './report';
import { WideTable } from './WideTable';

export { isImportReport } from './report';

/** What an import did, and which rows it refused and why. */
export function ImportReport({ report }: { report: Report }) {
  return (
    <Stack component="section" aria-label="Report">
      <Title order={2} size="h4">
        {report.applied ? 'Imported' : 'Checked: nothing was changed'}
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 4 }} component="dl" m={0}>
        {reportNumbers(report).map(({ name, value }) => (
          <div key={name}>
            <Text component="dt" c="dimmed" size="sm">
              {name}
            </Text>
            <Text component="dd" m={0} fw={600} size="lg">
              {formatNumber(value)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {report.notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
      <Rejects report={report} />
    </Stack>
  );
}

function Rejects({ report }: { report: Report }) {
  if (report.rejected === 0) return null;
  const reasons = Object.entries(report.reasons).toSorted(([, a], [, b]) => b - a);
  const shown = report.rejects.slice(0, 200);
  return (
    <>
      <Title order={3} size="h5">
        Rejected rows
      </Title>
      <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
        {reasons.map(([reason, count]) => (
          <li key={reason}>
            {formatNumber(count)} × {reason}
          </li>
        ))}
      </ul>
      <WideTable label="Rejected rows" minWidth={560} maxHeight={420}>
        <Table stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>File</Table.Th>
              <Table.Th>Line</Table.Th>
              <Table.Th>Field</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th>Reason</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((reject, index) => (
              <Table.Tr key={index}>
                <Table.Td>{reject.file}</Table.Td>
                <Table.Td>{reject.line}</Table.Td>
                <Table.Td>{reject.field}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{reject.value}</Table.Td>
                <Table.Td>{reject.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {shown.length < report.rejected && (
        <Text size="sm" c="dimmed">
          The first {formatNumber(shown.length)} of {formatNumber(report.rejected)} are shown.
        </Text>
      )}
    </>
  );
}
