import { Button, Collapse, Grid, Paper, SegmentedControl, Stack, Switch, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { StartTrainingDocument } from '../api/generated/studio/graphql';
import { usePageTitle } from '../ui/usePageTitle';
import { LossSettings, SearchSettings } from './LossSettings';
import { RunWatch } from './RunWatch';
import { Schedule } from './Schedule';
import { emptyForm, problems, type TrainingForm, trainingInput, withFeedback } from './training';

/** Sets up a training and watches it. */
export function Train() {
  usePageTitle('Train');
  const { run } = useSearch({ from: '/studio/train' });
  const [form, setForm] = useState(emptyForm);
  return (
    <Stack gap="lg">
      <Title order={1}>Train</Title>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <TrainingSettings form={form} setForm={setForm} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <RunWatch id={run} />
            <Schedule training={trainingInput(form)} valid={Object.keys(problems(form)).length === 0} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

interface FormProps {
  form: TrainingForm;
  setForm: (form: TrainingForm) => void;
}

function TrainingSettings({ form, setForm }: FormProps) {
  const navigate = useNavigate();
  const [{ data, error, fetching }, start] = useMutation(StartTrainingDocument);
  const wrong = problems(form);
  const refused = error ? errorMessage(error) : data?.startTraining.userErrors[0]?.message;
  const toggle = (field: 'search' | 'evaluate' | 'publish') => ({
    checked: form[field],
    onChange: (event: { currentTarget: { checked: boolean } }) => setForm({ ...form, [field]: event.currentTarget.checked }),
  });

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await start({ input: trainingInput(form) });
    const run = result.data?.startTraining.run;
    if (run) void navigate({ to: '/studio/train', search: { run: run.runId }, resetScroll: false });
  }

  return (
    <Paper withBorder p="lg" component="form" onSubmit={submit}>
      <Stack>
        <div>
          <Title order={2} size="h4" mb="xs">
            What to learn from
          </Title>
          <SegmentedControl
            fullWidth
            aria-label="What to learn from"
            value={form.feedback}
            onChange={(feedback) => setForm(withFeedback(form, feedback as TrainingForm['feedback']))}
            data={[
              { value: 'IMPLICIT', label: 'Everything people do' },
              { value: 'EXPLICIT', label: 'Stars alone' },
            ]}
          />
          <Text size="sm" c="dimmed" mt="xs">
            {form.feedback === 'IMPLICIT'
              ? 'Views, carts, purchases and likes are confidence that someone wants a product: the lists are what they choose next.'
              : 'Only ratings count: the model foretells how many stars someone would give.'}
          </Text>
        </div>
        <LossSettings form={form} setForm={setForm} wrong={wrong} />
        <Switch
          label="Search for better settings"
          description="Tries settings on held-out events and keeps the best."
          {...toggle('search')}
        />
        <Collapse expanded={form.search}>
          <SearchSettings form={form} setForm={setForm} wrong={wrong} />
        </Collapse>
        <Switch
          label="Measure on held-out events"
          description={`Trains once without ${form.feedback === 'IMPLICIT' ? 'the newest fifth' : 'a random part'} to see how well it foretells it, beside the baselines.`}
          {...toggle('evaluate')}
        />
        <Switch
          label="Publish when done"
          description="Unless it loses to the baseline or falls behind the model that serves now."
          {...toggle('publish')}
        />
        {refused && (
          <Text c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
        <Button type="submit" size="md" loading={fetching} disabled={Object.keys(wrong).length > 0}>
          Start training
        </Button>
      </Stack>
    </Paper>
  );
}
