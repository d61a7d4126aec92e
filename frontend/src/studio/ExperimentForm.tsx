import { Button, Group, NumberInput, Paper, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  type ExperimentInput, type ExperimentKind, type Goal, ModelsDocument, RuleVersionsDocument, StartExperimentDocument,
} from '../api/generated/studio/graphql';
import { errorMessage } from '../api/errors';
import { goals, ruleChoices } from './experiments';

const kinds: Record<ExperimentKind, { label: string; meaning: string }> = {
  SPLIT: { label: 'A/B', meaning: 'Each user sees one arm, on every shelf, always the same.' },
  INTERLEAVE: {
    label: 'Interleaved',
    meaning: 'Each user’s own list is drafted from both arms in turns; whose products are chosen decides. Needs far fewer people.',
  },
};

type Arm = Required<ExperimentInput['arms'][number]>;

/** What is asked for, with nothing left to defaults. */
type Draft = Required<Omit<ExperimentInput, 'arms'>> & { arms: Arm[] };

const fresh: Draft = {
  name: '',
  kind: 'SPLIT',
  goal: 'CLICK',
  minimumEffect: 0.1,
  arms: [
    { modelId: null, rules: 0, share: 0.5 },
    { modelId: null, rules: 0, share: 0.5 },
  ],
};

/** Asks what to compare, and starts it. */
export function ExperimentForm({ started }: { started: () => void }) {
  const [input, setInput] = useState(fresh);
  const [{ fetching, error, data }, start] = useMutation(StartExperimentDocument);
  const refused = error ? errorMessage(error) : data?.startExperiment.userErrors[0]?.message;
  const change = (part: Partial<Draft>) => setInput({ ...input, ...part });
  async function submit(event: FormEvent) {
    event.preventDefault();
    const { data } = await start({ input });
    if (data?.startExperiment.experiment) started();
  }
  return (
    <Paper withBorder p="lg" component="form" aria-label="New experiment" onSubmit={(event) => void submit(event)}>
      <Title order={2} size="h4" mb="sm">
        New experiment
      </Title>
      <Stack>
        <TextInput label="What it is about" required maxLength={200} value={input.name} onChange={({ currentTarget }) => change({ name: currentTarget.value })} />
        <div>
          <SegmentedControl
            aria-label="Kind"
            size="xs"
            value={input.kind}
            onChange={(kind) => change({ kind: kind as ExperimentKind })}
            data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
          />
          <Text size="sm" c="dimmed" mt={4} aria-live="polite">
            {kinds[input.kind].meaning}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {input.arms.map((arm, index) => (
            <ArmFields
              key={index}
              name={'AB'[index]!}
              arm={arm}
              change={(part) => change({ arms: input.arms.map((old, at) => (at === index ? { ...old, ...part } : old)) })}
            />
          ))}
        </SimpleGrid>
        <Group align="end">
          <Select label="Decided by" w={160} allowDeselect={false} value={input.goal} data={Object.entries(goals).map(([value, label]) => ({ value, label }))} onChange={(goal) => goal && change({ goal: goal as Goal })} />
          <NumberInput label="Smallest difference worth finding" suffix="%" w={230} min={1} max={100} value={100 * input.minimumEffect} onChange={(percent) => change({ minimumEffect: Number(percent) / 100 })} />
        </Group>
        {refused && (
          <Text c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
        <div>
          <Button type="submit" loading={fetching}>
            Start
          </Button>
        </div>
      </Stack>
    </Paper>
  );
}

function ArmFields({ name, arm, change }: { name: string; arm: Arm; change: (part: Partial<Arm>) => void }) {
  const [{ data }] = useQuery({ query: ModelsDocument });
  const [{ data: rules }] = useQuery({ query: RuleVersionsDocument });
  const models = (data?.models ?? []).map(({ modelId, published }) => ({ value: modelId, label: published ? `${modelId} (published)` : modelId }));
  return (
    <Stack gap="xs">
      <Select label={`Model of ${name}`} placeholder="what is published" clearable value={arm.modelId ?? null} data={models} onChange={(modelId) => change({ modelId })} />
      <Group grow>
        <Select label={`Rules of ${name}`} allowDeselect={false} value={`${arm.rules}`} data={ruleChoices(rules?.ruleBooks ?? [])} onChange={(version) => change({ rules: Number(version) })} />
        <NumberInput label={`Share of ${name}`} suffix="%" min={1} max={99} value={Math.round(100 * arm.share)} onChange={(percent) => change({ share: Number(percent) / 100 })} />
      </Group>
    </Stack>
  );
}
