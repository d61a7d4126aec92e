import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { RulesDocument } from '../api/generated/studio/graphql';
import { Loaded } from '../ui/Loaded';
import { usePageTitle } from '../ui/usePageTitle';
import { RuleEditor } from './RuleEditor';
import { RuleHistory } from './RuleHistory';

/** What the shop decides about its lists: edited, tried on a customer, saved as the next version. */
export function Rules() {
  usePageTitle('Rules');
  const [result, again] = useQuery({ query: RulesDocument });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Rules</Title>
        <Text c="dimmed">The model knows what people like. Say here what the shop wants, and try it on a customer before anyone sees it.</Text>
      </div>
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={600} />}>
        {({ rules, ruleBooks }) =>
          rules && (
            <>
              <RuleEditor key={rules.version} book={rules} changed={retry} />
              <RuleHistory books={ruleBooks} changed={retry} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}
