import { Badge, Group, Progress, Table, Text } from '@mantine/core';
import type { ModelsQuery } from '../api/generated/studio/graphql';
import { formatAgo, formatCompact, formatTime } from '../ui/format';
import { LinkAnchor } from '../ui/links';
import classes from './ModelTable.module.css';
import { beatsBaseline, lift, type Quality, qualityOf, standing } from './quality';
import { describeFeedback } from './settings';

type Model = ModelsQuery['models'][number];

/** Every kept model with a bar that shows how good it is beside the best. */
export function ModelTable({ models }: { models: Model[] }) {
  const qualities = models.flatMap((model) => qualityOf(model) ?? []);
  const published = models.find((model) => model.published);
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md" className={classes.table} aria-label="Models">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Model</Table.Th>
          <Table.Th>Learned from</Table.Th>
          <Table.Th miw={240}>Quality on held-out events</Table.Th>
          <Table.Th>Trained</Table.Th>
          <Table.Th aria-label="Compare" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {models.map((model) => (
          <ModelRow key={model.id} model={model} qualities={qualities} published={published} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface ModelRowProps {
  model: Model;
  qualities: Quality[];
  published: Model | undefined;
}

function ModelRow({ model, qualities, published }: ModelRowProps) {
  const { modelId, settings } = model;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <LinkAnchor to="/studio/models/$modelId" params={{ modelId }} fw={600}>
            {modelId}
          </LinkAnchor>
          {model.published && <Published />}
        </Group>
        <Text size="sm" c="dimmed">
          rank {settings.rank}, {settings.iterations} sweeps, λ {settings.reg}
          {settings.feedback === 'IMPLICIT' && `, w₀ ${settings.unobservedWeight}`}
        </Text>
      </Table.Td>
      <Table.Td>
        {describeFeedback(settings.feedback)}
        <Text size="sm" c="dimmed">
          {formatCompact(model.interactions)} events
        </Text>
      </Table.Td>
      <Table.Td>
        <QualityCell quality={qualityOf(model)} qualities={qualities} />
      </Table.Td>
      <Table.Td title={formatTime(model.createdAt)}>{formatAgo(model.createdAt)}</Table.Td>
      <Table.Td>
        {published && !model.published && (
          <LinkAnchor
            to="/studio/models/$modelId"
            params={{ modelId }}
            search={{ with: published.modelId }}
            size="sm"
            aria-label={`Compare ${modelId} with the published model`}
          >
            Compare
          </LinkAnchor>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** The badge of the model that serves. */
export function Published() {
  return (
    <Badge color="petrol.7" tt="none" fw={600} style={{ flex: 'none' }}>
      published
    </Badge>
  );
}

function QualityCell({ quality, qualities }: { quality: Quality | null; qualities: Quality[] }) {
  if (!quality) return <Text c="dimmed">not measured</Text>;
  const stands = standing(quality, qualities);
  const rivals = qualities.filter(({ metric }) => metric === quality.metric).length > 1;
  return (
    <>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Text fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
          {quality.metric} {quality.value.toFixed(4)}
        </Text>
        {rivals && stands === 1 && (
          <Text size="sm" fw={600}>
            best so far
          </Text>
        )}
      </Group>
      <Progress value={100 * stands} size="sm" my={4} color={stands === 1 ? undefined : 'gray.6'} aria-label="Beside the best" />
      <Text size="sm" c={beatsBaseline(quality) ? 'dimmed' : 'var(--mantine-color-error)'}>
        {lift(quality)}
      </Text>
    </>
  );
}
