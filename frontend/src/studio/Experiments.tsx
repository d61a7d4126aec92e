import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { ExperimentsDocument } from '../api/generated/studio/graphql';
import { Loaded } from '../ui/Loaded';
import { usePageTitle } from '../ui/usePageTitle';
import { ExperimentCard } from './ExperimentCard';
import { ExperimentForm } from './ExperimentForm';

/** Two models or two rule books compared on live people: the one that runs, and those before it. */
export function Experiments() {
  usePageTitle('Experiments');
  const [result, again] = useQuery({ query: ExperimentsDocument, requestPolicy: 'cache-and-network' });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Experiments</Title>
        <Text c="dimmed">Two models or two rule books, compared by what people do. Look as often as you like: the verdict allows for it.</Text>
      </div>
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={420} />}>
        {({ experiments }) => (
          <>
            {!experiments.some(({ stoppedAt }) => stoppedAt === null) && <ExperimentForm started={retry} />}
            {experiments.map((experiment) => (
              <ExperimentCard key={experiment.number} experiment={experiment} changed={retry} />
            ))}
            {experiments.length === 0 && (
              <Text c="dimmed">None so far. An experiment shows here while it runs, and its verdict stays.</Text>
            )}
          </>
        )}
      </Loaded>
    </Stack>
  );
}
