import { Button, Group, Paper, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { ScheduleDocument, type ScheduleQuery, SetScheduleDocument, type TrainingInput } from '../api/generated/studio/graphql';
import { formatTime } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { describeCron, usualTimes } from './cron';

interface ScheduleProps {
  training: TrainingInput;
  /** Whether the form beside it can be sent. */
  valid: boolean;
}

/** Trains by the clock with the settings of the form beside it. */
export function Schedule({ training, valid }: ScheduleProps) {
  const [result, again] = useQuery({ query: ScheduleDocument });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="xs">
        By the clock
      </Title>
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={110} />}>
        {({ schedule }) => <Clock schedule={schedule} training={training} valid={valid} changed={retry} />}
      </Loaded>
    </Paper>
  );
}

function Clock({ schedule, training, valid, changed }: ScheduleProps & ScheduleQuery & { changed: () => void }) {
  const [{ data, error, fetching }, set] = useMutation(SetScheduleDocument);
  const [choice, setChoice] = useState('0 3 * * *');
  const [own, setOwn] = useState('30 4 * * 1-5');
  const cron = choice === 'own' ? own : choice;
  const refused = error ? errorMessage(error) : data?.setSchedule.userErrors[0]?.message;
  return (
    <Stack gap="sm">
      <Text c="dimmed">
        {schedule
          ? `Trains ${describeCron(schedule.cron)} UTC${schedule.next ? `; next ${formatTime(schedule.next)} here` : ''}.`
          : 'Nothing is scheduled. People’s tastes move on: train again every night with the settings of the form.'}
      </Text>
      <Group align="end">
        <Select
          label="When, in UTC"
          value={choice}
          onChange={(value) => value && setChoice(value)}
          allowDeselect={false}
          data={[
            ...Object.entries(usualTimes).map(([value, label]) => ({ value, label })),
            { value: 'own', label: 'a cron expression' },
          ]}
        />
        {choice === 'own' && (
          <TextInput
            label="Minute, hour, day, month, weekday"
            value={own}
            onChange={(event) => setOwn(event.currentTarget.value)}
          />
        )}
        <Button
          variant="default"
          loading={fetching}
          disabled={!valid || cron.trim() === ''}
          onClick={() => set({ cron, training }).then(changed)}
        >
          {schedule ? 'Replace' : 'Schedule these settings'}
        </Button>
        {schedule && (
          <Button variant="default" loading={fetching} onClick={() => set({ cron: '' }).then(changed)}>
            Stop
          </Button>
        )}
      </Group>
      {refused && (
        <Text c="var(--mantine-color-error)" size="sm" role="alert">
          {refused}
        </Text>
      )}
    </Stack>
  );
}
