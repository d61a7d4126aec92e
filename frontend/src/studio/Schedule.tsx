import { Button, Group, Paper, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { ScheduleDocument, SetScheduleDocument, type TrainingInput } from '../api/generated/studio/graphql';
import { formatTime } from '../ui/format';
import { Loaded } from '../ui/Loaded';

/** Trains by the clock with the settings of the form beside it. */
export function Schedule({ training, valid }: { training: TrainingInput; valid: boolean }) {
  const [result, again] = useQuery({ query: ScheduleDocument });
  const [{ data, error, fetching }, set] = useMutation(SetScheduleDocument);
  const [cron, setCron] = useState('0 3 * * *');
  const refused = error ? errorMessage(error) : data?.setSchedule.userErrors[0]?.message;
  const change = (to: string) => set({ cron: to, training }).then(() => again({ requestPolicy: 'network-only' }));
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="xs">
        By the clock
      </Title>
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={60} />}>
        {({ schedule }) => (
          <Stack gap="sm">
            <Text c="dimmed">
              {schedule
                ? `Trains at ${schedule.cron} (UTC)${schedule.next ? `, next ${formatTime(schedule.next)}` : ''}.`
                : 'Nothing is scheduled.'}
            </Text>
            <Group align="end">
              <TextInput
                label="Minute, hour, day, month, weekday in UTC"
                value={cron}
                onChange={(event) => setCron(event.currentTarget.value)}
                error={refused}
                style={{ flex: 1, minWidth: 160 }}
              />
              <Button variant="default" loading={fetching} disabled={!valid || cron.trim() === ''} onClick={() => change(cron)}>
                {schedule ? 'Replace' : 'Schedule these settings'}
              </Button>
              {schedule && (
                <Button variant="default" loading={fetching} onClick={() => change('')}>
                  Stop
                </Button>
              )}
            </Group>
          </Stack>
        )}
      </Loaded>
    </Paper>
  );
}
