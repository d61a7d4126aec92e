import { Paper, Select, SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { ModelByIdDocument, type ModelFieldsFragment, ModelsDocument } from '../api/generated/studio/graphql';
import { LinkAnchor, LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { NotFound } from '../ui/NotFound';
import { usePageTitle } from '../ui/usePageTitle';
import { HeldOut } from './HeldOut';
import { Interviews } from './Interviews';
import { Leaderboard } from './Leaderboard';
import { LossChart } from './LossChart';
import { ModelDiff } from './ModelDiff';
import { ModelHead } from './ModelHead';
import { SettingsTable } from './SettingsTable';

/** One model: figures beside the baselines, loss, settings, search, and another model to compare with. */
export function Model() {
  const { modelId } = useParams({ from: '/studio/models/$modelId' });
  const { with: otherId } = useSearch({ from: '/studio/models/$modelId' });
  usePageTitle(`Model ${modelId}`);
  const [result, again] = useQuery({ query: ModelByIdDocument, variables: { id: modelId } });
  const [other] = useQuery({ query: ModelByIdDocument, variables: { id: otherId ?? '' }, pause: !otherId });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Loaded result={result} retry={retry} skeleton={<Skeleton h={640} />}>
      {({ model }) => {
        if (!model) return <NotFound what="model" back={<LinkButton to="/studio/models">All models</LinkButton>} />;
        const compared = otherId ? (other.data?.model ?? undefined) : undefined;
        return (
          <Stack gap="lg">
            <div>
              <LinkAnchor to="/studio/models" size="sm">
                All models
              </LinkAnchor>
              <ModelHead model={model} changed={retry} />
            </div>
            <CompareWith model={model} otherId={otherId} />
            <HeldOut model={model} other={compared} />
            {compared && <ModelDiff key={compared.modelId} a={model.modelId} b={compared.modelId} />}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Paper withBorder p="lg">
                <Title order={2} size="h4" mb="sm">
                  Loss
                </Title>
                <LossChart points={model.sweeps.map(({ sweep, loss }) => ({ step: sweep, loss }))} waiting="Not recorded." />
              </Paper>
              <SettingsTable model={model} other={compared} />
            </SimpleGrid>
            <Interviews interviews={model.interviews} />
            <Leaderboard model={model} />
          </Stack>
        );
      }}
    </Loaded>
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
          resetScroll: false,
        })
      }
    />
  );
}
