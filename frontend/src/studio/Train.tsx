import { Button, Collapse, Grid, Paper, SegmentedControl, SimpleGrid, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { StartTrainingDocument } from '../api/generated/studio/graphql';
import { usePageTitle } from '../ui/usePageTitle';
import { RunWatch } from './RunWatch';
import { Schedule } from './Schedule';
import { defaults, emptyForm, problems, searchPoints, type TrainingForm, trainingInput } from './training';

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
          <SettingsForm form={form} setForm={setForm} />
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

function SettingsForm({ form, setForm }: FormProps) {
  const navigate = useNavigate();
  const [{ data, error, fetching }, start] = useMutation(StartTrainingDocument);
  const wrong = problems(form);
  const refused = error ? errorMessage(error) : data?.startTraining.userErrors[0]?.message;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await start({ input: trainingInput(form) });
    const run = result.data?.startTraining.run;
    if (run) void navigate({ to: '/studio/train', search: { run: run.runId } });
  }

  return (
    <Paper withBorder p="lg" component="form" onSubmit={submit}>
      <Stack>
        <SegmentedControl
          aria-label="Evidence to train on"
          value={form.feedback}
          onChange={(feedback) => setForm({ ...form, feedback: feedback as TrainingForm['feedback'] })}
          data={[
            { value: 'IMPLICIT', label: 'Everything people do' },
            { value: 'EXPLICIT', label: 'Stars alone' },
          ]}
        />
        <LossSettings form={form} setForm={setForm} wrong={wrong} />
        <Switch
          label="Search for better settings"
          description="Tries every combination on held-out events and keeps the best."
          checked={form.search}
          onChange={(event) => setForm({ ...form, search: event.currentTarget.checked })}
        />
        <Collapse expanded={form.search}>
          <SearchSettings form={form} setForm={setForm} wrong={wrong} />
        </Collapse>
        <Switch
          label="Measure on held-out events"
          description="The newest fifth, beside most-popular and item-to-item."
          checked={form.evaluate}
          onChange={(event) => setForm({ ...form, evaluate: event.currentTarget.checked })}
        />
        <Switch
          label="Publish when done"
          description="Unless it loses to the baseline or falls behind what serves now."
          checked={form.publish}
          onChange={(event) => setForm({ ...form, publish: event.currentTarget.checked })}
        />
        {refused && (
          <Text c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
        <Button type="submit" loading={fetching} disabled={Object.keys(wrong).length > 0}>
          Start training
        </Button>
      </Stack>
    </Paper>
  );
}

type FieldsProps = FormProps & { wrong: ReturnType<typeof problems> };

function useField({ form, setForm, wrong }: FieldsProps) {
  return (name: Exclude<keyof TrainingForm, 'feedback' | 'search' | 'evaluate' | 'publish'>) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    error: wrong[name],
  });
}

function LossSettings(props: FieldsProps) {
  const field = useField(props);
  const implicit = props.form.feedback === 'IMPLICIT';
  const usual = defaults[props.form.feedback];
  return (
    <>
      <SimpleGrid cols={2}>
        <TextInput label="Rank" description="Factors per product" placeholder={usual.rank} inputMode="numeric" {...field('rank')} />
        <TextInput label="Sweeps" description="Rounds over both sides" placeholder={usual.iterations} inputMode="numeric" {...field('iterations')} />
        {implicit && (
          <TextInput
            label="Unobserved weight w₀"
            description="Higher: safer lists"
            placeholder={usual.unobservedWeight}
            inputMode="decimal"
            {...field('unobservedWeight')}
          />
        )}
        <TextInput label="Regularization λ" description="Higher: smoother" placeholder={usual.reg} inputMode="decimal" {...field('reg')} />
        {implicit && (
          <TextInput label="Half-life" description="Days; 0 keeps all" placeholder="0" inputMode="decimal" {...field('halfLife')} />
        )}
        <TextInput label="Seed" description="Same seed, same model" placeholder="1" inputMode="numeric" {...field('seed')} />
      </SimpleGrid>
      {implicit && (
        <TextInput
          label="Confidence per event"
          description="Types left out count nothing"
          placeholder="VIEW=1,RATING=4,CART=3,LIKE=4,PURCHASE=5"
          {...field('weights')}
        />
      )}
    </>
  );
}

function SearchSettings(props: FieldsProps) {
  const field = useField(props);
  const points = searchPoints(props.form);
  return (
    <Stack gap="xs">
      <TextInput label="Ranks" {...field('ranks')} />
      <TextInput label="Regularizations λ" {...field('regs')} />
      <TextInput label="Sweeps" placeholder="as above" {...field('searchIterations')} />
      {props.form.feedback === 'IMPLICIT' && <TextInput label="Unobserved weights w₀" {...field('unobservedWeights')} />}
      <Text size="sm" c="dimmed" aria-live="polite">
        {points === null ? 'A list cannot be read.' : `${points} ${points === 1 ? 'training' : 'trainings'}, then one with the best.`}
      </Text>
    </Stack>
  );
}
