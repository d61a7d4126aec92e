import { Button, Group, Paper, Text, Timeline, Title } from '@mantine/core';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { type ModelsQuery, RollbackDocument } from '../api/generated/studio/graphql';
import { formatAgo, formatTime } from '../ui/format';
import { LinkAnchor } from '../ui/links';

/** Which model was published when, and the way back to the one before. */
export function Publications({ publications, changed }: Pick<ModelsQuery, 'publications'> & { changed: () => void }) {
  const [{ data, error, fetching }, rollback] = useMutation(RollbackDocument);
  const refused = error ? errorMessage(error) : data?.rollback.userErrors[0]?.message;
  const [now] = publications;
  if (!now) return null;
  return (
    <Paper withBorder p="lg">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4">
          What was published when
        </Title>
        {now.previous && (
          <Button variant="default" loading={fetching} onClick={() => rollback({}).then(changed)}>
            Roll back to {now.previous}
          </Button>
        )}
      </Group>
      {refused && (
        <Text c="var(--mantine-color-error)" role="alert" mb="sm">
          {refused}
        </Text>
      )}
      <Timeline active={0} bulletSize={14} lineWidth={2}>
        {publications.map((each) => (
          <Timeline.Item key={each.seq}>
            <LinkAnchor to="/studio/models/$modelId" params={{ modelId: each.modelId }} display="inline-block" lh={1.6} fw={each === now ? 600 : 400}>
              {each.modelId}
            </LinkAnchor>
            <Text size="sm" c="dimmed" title={formatTime(each.time)}>
              {formatAgo(each.time)} · <Note text={each.note} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Paper>
  );
}

/** Why the pointer was flipped: a run has a page. */
function Note({ text }: { text: string }) {
  const [, runId] = /^run (\S+)$/.exec(text) ?? [];
  if (!runId) return text;
  return (
    <LinkAnchor to="/studio/runs/$runId" params={{ runId }} inherit c="inherit" underline="always">
      by a run
    </LinkAnchor>
  );
}
