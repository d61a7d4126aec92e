import { Badge, Button, Group, Paper, Select, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import {
  DeleteModelDocument, ModelByIdDocument, type ModelFieldsFragment, ModelsDocument, PublishModelDocument,
} from '../api/generated/studio/graphql';
import { formatNumber, formatTime } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { NotFound } from '../ui/NotFound';
import { usePageTitle } from '../ui/usePageTitle';
import { LossChart } from './LossChart';
import { Metrics } from './Metrics';
import { RunStatus } from './RunStatus';
import { SettingsTable } from './SettingsTable';
import { hasEnded, useRun } from './useRun';

/** One model: figures beside the baselines, loss, settings, search, and another model to compare with. */
export function Model() {
  const { modelId } = useParams({ from: '/studio/models/$modelId' });
  const { with: otherId } = useSearch({ from: '/studio/models/$modelId' });
  usePageTitle(`Model ${modelId}`);
  const [result, again] = useQuery({ query: ModelByIdDocument, variables: { id: modelId } });
  const [other] = useQuery({ query: ModelByIdDocument, variables: { id: otherId ?? '' }, pause: !otherId });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Loaded result={result} retry={retry} skeleton={<Skeleton h={480} />}>
      {({ model }) => {
        if (!model) return <NotFound />;
        const compared = otherId ? (other.data?.model ?? undefined) : undefined;
        return (
          <Stack gap="lg">
            <Head model={model} changed={retry} />
            <CompareWith model={model} otherId={otherId} />
            <Metrics model={model} other={compared} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Paper withBorder p="lg">
                <Title order={2} size="h4" mb="sm">
                  Loss
                </Title>
                <LossChart points={model.sweeps.map(({ sweep, loss }) => ({ step: sweep, loss }))} />
              </Paper>
              <SettingsTable model={model} other={compared} />
            </SimpleGrid>
            <Leaderboard model={model} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Head({ model, changed }: { model: ModelFieldsFragment; changed: () => void }) {
  return (
    <Group justify="space-between" align="start">
      <div>
        <Group gap="sm">
          <Title order={1}>{model.modelId}</Title>
          {model.published && (
            <Badge radius="sm" color="teal.9">
              published
            </Badge>
          )}
        </Group>
        <Text c="dimmed">
          {formatTime(model.createdAt)} · {formatNumber(model.users)} users × {formatNumber(model.products)} products ·{' '}
          {formatNumber(model.interactions)} interactions · snapshot {model.snapshot}
        </Text>
      </div>
      {!model.published && <Actions model={model} changed={changed} />}
    </Group>
  );
}

function Actions({ model, changed }: { model: ModelFieldsFragment; changed: () => void }) {
  const navigate = useNavigate();
  const [publishing, publish] = useMutation(PublishModelDocument);
  const [deleting, remove] = useMutation(DeleteModelDocument);
  const [sure, setSure] = useState(false);
  const started = publishing.data?.publishModel.run?.runId;
  const { run } = useRun(started, changed);
  const error = publishing.error ?? deleting.error;
  const refused =
    (error && errorMessage(error)) ??
    publishing.data?.publishModel.userErrors[0]?.message ??
    deleting.data?.deleteModel.userErrors[0]?.message;

  async function confirmDelete() {
    if (!sure) return setSure(true);
    const result = await remove({ id: model.modelId });
    if (result.data?.deleteModel.userErrors.length === 0) void navigate({ to: '/studio/models' });
  }

  return (
    <Stack gap="xs" miw={260}>
      <Group gap="xs">
        <Button
          loading={publishing.fetching || (run !== undefined && !hasEnded(run))}
          onClick={() => publish({ id: model.modelId })}
        >
          Publish
        </Button>
        <Button variant="default" loading={deleting.fetching} onClick={confirmDelete} onBlur={() => setSure(false)}>
          {sure ? 'Really delete?' : 'Delete'}
        </Button>
      </Group>
      {run && <RunStatus run={run} />}
      {refused && (
        <Text c="var(--mantine-color-error)" role="alert">
          {refused}
        </Text>
      )}
    </Stack>
  );
}

function CompareWith({ model, otherId }: { model: ModelFieldsFragment; otherId: string | undefined }) {
  const navigate = useNavigate();
  const [{ data }] = useQuery({ query: ModelsDocument });
  const others = (data?.models ?? []).filter(({ modelId }) => modelId !== model.modelId);
  if (others.length === 0) return null;
  return (
    <Select
      label="Compare with"
      placeholder="another model"
      clearable
      maw={340}
      value={otherId ?? null}
      data={others.map(({ modelId, published }) => ({ value: modelId, label: published ? `${modelId} (published)` : modelId }))}
      onChange={(value) =>
        navigate({
          to: '/studio/models/$modelId',
          params: { modelId: model.modelId },
          search: value ? { with: value } : {},
        })
      }
    />
  );
}

function Leaderboard({ model }: { model: ModelFieldsFragment }) {
  if (model.grid.length === 0) return null;
  const metric = model.settings.feedback === 'EXPLICIT' ? 'RMSE' : 'NDCG@20';
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Search
      </Title>
      <Table.ScrollContainer minWidth={520}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Rank</Table.Th>
              <Table.Th>Sweeps</Table.Th>
              <Table.Th>λ</Table.Th>
              <Table.Th>w₀</Table.Th>
              <Table.Th>Validation {metric}</Table.Th>
              <Table.Th>Test</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {model.grid.map((trial, index) => (
              <Table.Tr key={index} fw={trial.best ? 600 : undefined}>
                <Table.Td>{trial.settings.rank}</Table.Td>
                <Table.Td>{trial.settings.iterations}</Table.Td>
                <Table.Td>{trial.settings.reg}</Table.Td>
                <Table.Td>{trial.settings.unobservedWeight || '–'}</Table.Td>
                <Table.Td>{trial.validation.toFixed(4)}</Table.Td>
                <Table.Td>{trial.test.toFixed(4)}</Table.Td>
                <Table.Td>{trial.best ? 'best' : trial.skipped}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
