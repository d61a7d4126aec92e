import { Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { ModelsDocument } from '../api/generated/studio/graphql';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { ModelTable } from './ModelTable';
import { Publications } from './Publications';

/** Kept models beside their baselines, and what was published when. */
export function Models() {
  usePageTitle('Models');
  const [result, again] = useQuery({ query: ModelsDocument });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Models</Title>
        <Text c="dimmed">Each is kept as it was trained. Publishing turns every list to one of them at once; rolling back turns it back.</Text>
      </div>
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={320} />}>
        {({ models, publications }) =>
          models.length === 0 ? (
            <EmptyState title="No model yet" action={<LinkButton to="/studio/train">Train one</LinkButton>}>
              A training reads every event in the warehouse and leaves a model here, with its figures beside the baselines.
            </EmptyState>
          ) : (
            <>
              <Paper withBorder>
                <ModelTable models={models} />
              </Paper>
              <Publications publications={publications} changed={retry} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}
