import { Input, type InputWrapperProps, SegmentedControl, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { describeType } from './event';
import { defaults, type Evidence, problems, searchPoints, type TextField, type TrainingForm, tunes, usualWeights } from './training';

interface FieldsProps {
  form: TrainingForm;
  setForm: (form: TrainingForm) => void;
  wrong: ReturnType<typeof problems>;
}

/** What a field is for stands below it, so that fields of a row begin at one height. */
const inputWrapperOrder: InputWrapperProps['inputWrapperOrder'] = ['label', 'input', 'error', 'description'];

function useField({ form, setForm, wrong }: FieldsProps) {
  return (name: TextField) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    error: wrong[name],
    inputWrapperOrder,
  });
}

/** The settings of one training, each said in plain words. */
export function LossSettings(props: FieldsProps) {
  const field = useField(props);
  const implicit = props.form.feedback === 'IMPLICIT';
  const usual = defaults[props.form.feedback];
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="Rank"
          description="How many traits describe a taste. More are finer and slower."
          placeholder={usual.rank}
          inputMode="numeric"
          {...field('rank')}
        />
        <TextInput
          label="Sweeps"
          description="Rounds of learning. Enough when the curve is flat."
          placeholder={usual.iterations}
          inputMode="numeric"
          {...field('iterations')}
        />
        {implicit && (
          <TextInput
            label="Unobserved weight w₀"
            description="How much “never touched” means “not wanted”. Higher keeps to safe choices. Differs most between shops."
            placeholder={usual.unobservedWeight}
            inputMode="decimal"
            {...field('unobservedWeight')}
          />
        )}
        <TextInput
          label="Regularization λ"
          description="Holds back guesses from little evidence. Higher when lists look erratic."
          placeholder={usual.reg}
          inputMode="decimal"
          {...field('reg')}
        />
        {implicit && (
          <TextInput
            label="Half-life in days"
            description="After it an event counts half. 0 forgets nothing."
            placeholder="0"
            inputMode="decimal"
            {...field('halfLife')}
          />
        )}
        <TextInput
          label="Seed"
          description="The same seed and data give the same model, to the bit."
          placeholder="1"
          inputMode="numeric"
          {...field('seed')}
        />
      </SimpleGrid>
      {implicit && (
        <Switch
          label="Fast solver"
          description="A third to a seventh of the time for nearly the same model. Worth it for millions of events."
          checked={props.form.fast}
          onChange={(event) => props.setForm({ ...props.form, fast: event.currentTarget.checked })}
        />
      )}
      {implicit && <Confidence {...props} />}
    </>
  );
}

/** How much one event of each type says. */
function Confidence({ form, setForm, wrong }: FieldsProps) {
  return (
    <Input.Wrapper
      component="fieldset"
      label="Confidence per event"
      labelElement="div"
      description="How much one event of each type says of someone’s taste. 0 leaves a type out."
      error={wrong.weights}
      style={{ border: 0, padding: 0, margin: 0 }}
    >
      <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="xs" mt="xs">
        {(Object.keys(usualWeights) as Evidence[]).map((type) => (
          <TextInput
            key={type}
            size="xs"
            label={describeType(type)}
            placeholder={usualWeights[type]}
            inputMode="decimal"
            value={form.weights[type] ?? ''}
            onChange={(event) => setForm({ ...form, weights: { ...form.weights, [type]: event.currentTarget.value } })}
          />
        ))}
      </SimpleGrid>
    </Input.Wrapper>
  );
}

/** How to search: by itself within a budget, or through lists. */
export function SearchSettings(props: FieldsProps) {
  const field = useField(props);
  const { form, setForm } = props;
  return (
    <Stack gap="xs">
      {form.feedback === 'IMPLICIT' && (
        <SegmentedControl
          aria-label="How to search"
          value={form.searchBy}
          onChange={(searchBy) => setForm({ ...form, searchBy: searchBy as TrainingForm['searchBy'] })}
          data={[
            { value: 'TUNE', label: 'Find them for me' },
            { value: 'GRID', label: 'Try my lists' },
          ]}
        />
      )}
      {tunes({ ...form, search: true }) ? (
        <TextInput
          label="Settings to try"
          description="Poor ones are dropped early. Best-sellers and simpler models take part; what loses to best-sellers is not published."
          inputMode="numeric"
          {...field('budget')}
        />
      ) : (
        <SearchLists {...props} />
      )}
    </Stack>
  );
}

/** Lists of values to try. */
function SearchLists(props: FieldsProps) {
  const field = useField(props);
  const points = searchPoints(props.form);
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Ranks to try" {...field('ranks')} />
        <TextInput label="Regularizations λ to try" {...field('regs')} />
        <TextInput label="Sweeps to try" placeholder="as above" {...field('searchIterations')} />
        {props.form.feedback === 'IMPLICIT' && <TextInput label="Weights w₀ to try" {...field('unobservedWeights')} />}
      </SimpleGrid>
      <Text size="sm" c="dimmed" aria-live="polite">
        {points === null
          ? 'A list cannot be read.'
          : `${points} ${points === 1 ? 'training' : 'trainings'}, then one with the best settings on all events.`}
      </Text>
    </Stack>
  );
}
