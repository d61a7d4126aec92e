import { Paper, Table, Text, Title } from '@mantine/core';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { RestoreRulesDocument, type RulesQuery } from '../api/generated/studio/graphql';
import { formatAgo, formatTime } from '../ui/format';
import { SureButton } from './SureButton';
import { WideTable } from './WideTable';

/** Versions of the rules, and the way back to an old one. */
export function RuleHistory({ books, changed }: { books: RulesQuery['ruleBooks']; changed: () => void }) {
  const [{ data, error, fetching }, restore] = useMutation(RestoreRulesDocument);
  const refused = error ? errorMessage(error) : data?.restoreRules.userErrors[0]?.message;
  const [newest] = books;
  if (!newest) return null;
  return (
    <Paper withBorder>
      <Title order={2} size="h4" p="md" pb={0}>
        Versions
      </Title>
      {refused && (
        <Text c="var(--mantine-color-error)" role="alert" px="md">
          {refused}
        </Text>
      )}
      <WideTable label="Versions" minWidth={480}>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Tbody>
            {books.map((book) => (
              <Table.Tr key={book.version}>
                <Table.Td fw={600}>{book.version}</Table.Td>
                <Table.Td title={book.savedAt ? formatTime(book.savedAt) : undefined}>
                  {book.savedAt && formatAgo(book.savedAt)} by {book.author}
                </Table.Td>
                <Table.Td>{book.rules.length === 1 ? '1 rule' : `${book.rules.length} rules`}</Table.Td>
                <Table.Td>{book.note}</Table.Td>
                <Table.Td ta="right">
                  {book === newest ? (
                    <Text size="sm" c="dimmed">
                      in force
                    </Text>
                  ) : (
                    <SureButton
                      size="xs"
                      label="Make current"
                      about={`version ${book.version}`}
                      loading={fetching}
                      onSure={() => restore({ version: book.version, expectedVersion: newest.version }).then(changed)}
                    />
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Paper>
  );
}
