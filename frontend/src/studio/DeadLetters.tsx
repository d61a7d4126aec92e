import { Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import {
  DeadLettersDocument,
  type DeadLettersQuery,
  DropDeadLetterDocument,
  ReplayDeadLetterDocument,
} from '../api/generated/studio/graphql';
import { formatTime } from '../ui/format';
import { SureButton } from './SureButton';
import { WideTable } from './WideTable';

type Letter = DeadLettersQuery['deadLetters'][number];

/** Events that could not go where they belong. Shows nothing while there are none. */
export function DeadLetters() {
  const [{ data }, again] = useQuery({ query: DeadLettersDocument, requestPolicy: 'cache-and-network' });
  const letters = data?.deadLetters ?? [];
  if (letters.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label="Dead letters">
      <div>
        <Title order={2} size="h3">
          Dead letters
        </Title>
        <Text c="dimmed">
          These events were accepted and could not go where they belong. Replay records one again under an id of its own.
        </Text>
      </div>
      <Paper withBorder>
        <WideTable label="Dead letters" minWidth={680}>
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Since</Table.Th>
                <Table.Th>Event</Table.Th>
                <Table.Th>Why</Table.Th>
                <Table.Th aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {letters.map((letter) => (
                <LetterRow key={letter.letterId} letter={letter} done={() => again({ requestPolicy: 'network-only' })} />
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      </Paper>
    </Stack>
  );
}

function LetterRow({ letter, done }: { letter: Letter; done: () => void }) {
  const [replaying, replay] = useMutation(ReplayDeadLetterDocument);
  const [dropping, drop] = useMutation(DropDeadLetterDocument);
  const { letterId } = letter;

  function tell(problem: string | undefined, success: string) {
    notifications.show(problem ? { color: 'red', message: problem } : { message: success });
    done();
  }
  async function replayLetter() {
    const { data, error } = await replay({ letterId });
    tell(error ? errorMessage(error) : data?.replayDeadLetter.userErrors[0]?.message, 'Recorded again.');
  }
  async function dropLetter() {
    const { data, error } = await drop({ letterId });
    tell(error ? errorMessage(error) : data?.dropDeadLetter.userErrors[0]?.message, 'Dropped.');
  }

  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(letter.time)}</Table.Td>
      <Table.Td>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {letter.type} {letter.productId}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          by {letter.userId}, event {letter.eventId}
        </Text>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{letter.reason}</Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="flex-end">
          <Button
            size="xs"
            variant="default"
            aria-label={`Replay event ${letter.eventId}`}
            loading={replaying.fetching}
            onClick={replayLetter}
          >
            Replay
          </Button>
          <SureButton label="Drop" about={`event ${letter.eventId}`} size="xs" loading={dropping.fetching} onSure={dropLetter} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
