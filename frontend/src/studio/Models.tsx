import { Badge, Button, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { ModelsDocument, type ModelsQuery, RollbackDocument } from '../api/generated/studio/graphql';
import { formatAgo, formatCompact, formatTime } from '../ui/format';
import { LinkAnchor, LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { beatsBaseline, qualityOf } from './quality';

/** Kept models beside their baselines, and what was published when. */
export function Models() {
  usePageTitle('Models');
  const [result, again] = useQuery({ query: ModelsDocument });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Stack gap="lg">
      <Title order={1}>Models</Title>
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={320} />}>
        {({ models, publications }) =>
          models.length === 0 ? (
            <EmptyState title="No model yet" action={<LinkButton to="/studio/train">Train one</LinkButton>}>
              A training reads every event in the warehouse and leaves a model here, with its figures beside the baselines.
            </EmptyState>
          ) : (
            <>
              <Paper withBorder>
                <Table.ScrollContainer minWidth={640}>
                  <ModelTable models={models} />
                </Table.ScrollContainer>
              </Paper>
              <Publications publications={publications} changed={retry} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function ModelTable({ models }: { models: ModelsQuery['models'] }) {
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>Trained on</Table.Th>
          <Table.Th>Settings</Table.Th>
          <Table.Th>Held out</Table.Th>
          <Table.Th>Created</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {models.map((model) => (
          <Table.Tr key={model.id}>
            <Table.Td>
              <LinkAnchor to="/studio/models/$modelId" params={{ modelId: model.modelId }} fw={600}>
                {model.modelId}
              </LinkAnchor>{' '}
              {model.published && (
                <Badge radius="sm" color="teal.9">
                  published
                </Badge>
              )}
            </Table.Td>
            <Table.Td>{formatCompact(model.interactions)} events</Table.Td>
            <Table.Td>
              {model.settings.feedback.toLowerCase()}, rank {model.settings.rank}
            </Table.Td>
            <Table.Td>
              <QualityCell model={model} />
            </Table.Td>
            <Table.Td title={formatTime(model.createdAt)}>{formatAgo(model.createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function QualityCell({ model }: { model: ModelsQuery['models'][number] }) {
  const quality = qualityOf(model);
  if (!quality) return <Text c="dimmed">not measured</Text>;
  return (
    <>
      {quality.metric} <b>{quality.value.toFixed(4)}</b>
      <Text size="sm" c={beatsBaseline(quality) ? 'dimmed' : 'var(--mantine-color-error)'}>
        {quality.baselineName} {quality.baseline.toFixed(4)}
      </Text>
    </>
  );
}

function Publications({ publications, changed }: Pick<ModelsQuery, 'publications'> & { changed: () => void }) {
  const [{ data, error, fetching }, rollback] = useMutation(RollbackDocument);
  const refused = error ? errorMessage(error) : data?.rollback.userErrors[0]?.message;
  const [now] = publications;
  if (!now) return null;
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Published
      </Title>
      <Stack gap="xs">
        {publications.map((each) => (
          <Text key={each.seq} size="sm">
            <b>{each.modelId}</b> {formatAgo(each.time)}
            <Text span c="dimmed">
              {' '}
              · {each.note}
            </Text>
          </Text>
        ))}
        {now.previous && (
          <Button variant="default" w="fit-content" mt="sm" loading={fetching} onClick={() => rollback({}).then(changed)}>
            Roll back to {now.previous}
          </Button>
        )}
        {refused && (
          <Text c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
