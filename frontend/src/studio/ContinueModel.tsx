import { Button, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { StartTrainingDocument } from '../api/generated/studio/graphql';

/** Starts a run that continues the published model with newer events, and shows it. */
export function ContinueModel() {
  const navigate = useNavigate();
  const [{ data, error, fetching }, start] = useMutation(StartTrainingDocument);
  const refused = error ? errorMessage(error) : data?.startTraining.userErrors[0]?.message;

  async function go() {
    const result = await start({ input: { incremental: true, publish: true } });
    const run = result.data?.startTraining.run;
    if (run) void navigate({ to: '/studio/train', search: { run: run.runId } });
  }

  return (
    <Stack gap="xs" w={{ base: '100%', sm: 300 }}>
      <Button variant="default" fullWidth loading={fetching} onClick={go}>
        Learn from newer events
      </Button>
      <Text size="sm" c="dimmed">
        Solves only the people and products with newer events. Settings stay.
      </Text>
      {refused && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {refused}
        </Text>
      )}
    </Stack>
  );
}
