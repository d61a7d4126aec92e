import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { Paper, Select, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ModelDiffDocument, type ModelDiffQuery } from '../api/generated/studio/graphql';
import { formatNumber, formatShare } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { pictured } from './charts';
import { describeMove } from './moves';
import { WideTable } from './WideTable';

type Diff = ModelDiffQuery['modelDiff'];

/** How the lists of two models differ: a picture, figures, and lists side by side. */
export function ModelDiff({ a, b }: { a: string; b: string }) {
  const [result, again] = useQuery({ query: ModelDiffDocument, variables: { a, b } });
  return (
    <Paper withBorder p="lg" component="section" aria-label="Lists side by side">
      <Title order={2} size="h4">
        Lists side by side
      </Title>
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={420} mt="md" />}>
        {({ modelDiff }) =>
          modelDiff.users === 0 ? <Text c="dimmed">The model knows no users to compare lists of.</Text> : <Shown diff={modelDiff} />
        }
      </Loaded>
    </Paper>
  );
}

function Shown({ diff }: { diff: Diff }) {
  const data = diff.histogram.map((users, tenth) => ({ overlap: tenth === 9 ? '90% and more' : `${10 * tenth}%`, users }));
  return (
    <Stack mt="xs">
      <Text size="sm" c="dimmed">
        The first {diff.k} places for {formatNumber(diff.users)} people, made now: {formatShare(diff.overlap)} of the products are in both lists,
        rank-biased overlap {diff.rbo.toFixed(2)}; what is in both moved {diff.moved.toFixed(1)} places.
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <figure style={{ margin: 0 }}>
          <BarChart
            h={220}
            data={data}
            dataKey="overlap"
            series={[{ name: 'users', color: 'var(--valse-accent)' }]}
            yAxisProps={{ width: 40, allowDecimals: false }}
            barChartProps={pictured}
            barProps={{ isAnimationActive: false }}
          />
          <Text component="figcaption" size="sm" c="dimmed" mt="xs">
            People by how much of their list both models share.
          </Text>
        </figure>
        <SpreadTable diff={diff} />
      </SimpleGrid>
      <Examples diff={diff} />
    </Stack>
  );
}

function SpreadTable({ diff }: { diff: Diff }) {
  return (
    <WideTable label="What the lists show" minWidth={380}>
      <Table style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th title="Part of the catalogue that the lists show together">Coverage</Table.Th>
            <Table.Th title="Part of the places that hold none of the fifth that sells most">Long tail</Table.Th>
            <Table.Th title="Mean self-information of what is listed: higher is less obvious">Novelty</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {diff.spread.map(({ coverage, longTail, novelty }, side) => (
            <Table.Tr key={side}>
              <Table.Th scope="row">{side === 0 ? 'this model' : diff.b}</Table.Th>
              <Table.Td>{formatShare(coverage)}</Table.Td>
              <Table.Td>{formatShare(longTail)}</Table.Td>
              <Table.Td>{novelty.toFixed(1)} bits</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Examples({ diff }: { diff: Diff }) {
  const [userId, setUserId] = useState(diff.examples[0]?.userId);
  const shown = diff.examples.find((example) => example.userId === userId);
  if (!shown) return null;
  return (
    <>
      <Select
        label="Lists of"
        description="those whose lists differ most come first"
        maw={340}
        allowDeselect={false}
        value={userId}
        onChange={(value) => value && setUserId(value)}
        data={diff.examples.map(({ userId, overlap }) => ({ value: userId, label: `${userId} · ${formatShare(overlap)} shared` }))}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Side title="This model" entries={shown.a} />
        <Side title={diff.b} entries={shown.b} moved />
      </SimpleGrid>
    </>
  );
}

function Side({ title, entries, moved = false }: { title: string; entries: Diff['examples'][number]['a']; moved?: boolean }) {
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {title}
      </Text>
      <ol aria-label={title} style={{ margin: 0, paddingInlineStart: '1.6em' }}>
        {entries.map(({ rank, other, product }) => (
          <li key={rank}>
            <Text size="sm" component="span" fw={other == null ? 600 : undefined}>
              {product?.title ?? 'a product that is gone'}
            </Text>{' '}
            <Text size="xs" component="span" c="dimmed">
              {other == null ? 'only here' : moved && other !== rank ? describeMove(other - rank) : ''}
            </Text>
          </li>
        ))}
      </ol>
    </div>
  );
}
