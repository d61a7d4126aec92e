import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from 'urql';
import { StopExperimentDocument } from '../api/generated/studio/graphql';
import { formatAgo, formatShare, formatTime } from '../ui/format';
import { armRows, decisionWords, evidence, type Experiment, goals } from './experiments';
import { RateRows } from './RateRows';
import { SureButton } from './SureButton';

/** One experiment: what may be said of it, and the figures of its arms. */
export function ExperimentCard({ experiment, changed }: { experiment: Experiment; changed: () => void }) {
  const { number, name, kind, goal, arms, startedAt, stoppedAt } = experiment;
  const [{ fetching }, stop] = useMutation(StopExperimentDocument);
  const split = kind === 'SPLIT';
  return (
    <Paper withBorder p="lg" component="section" aria-label={name}>
      <Group justify="space-between" align="start" gap="sm">
        <div style={{ flex: '1 1 220px' }}>
          <Group gap="xs">
            <Title order={2} size="h4">
              {name}
            </Title>
            <Badge variant={stoppedAt ? 'default' : 'filled'}>{stoppedAt ? 'stopped' : 'running'}</Badge>
          </Group>
          <Text size="sm" c="dimmed">
            Experiment {number} · {split ? 'each user sees one arm' : 'lists drafted from both'} ·{' '}
            {split ? arms.map(({ share }) => formatShare(share)).join(' and ') : formatShare(arms.reduce((sum, { share }) => sum + share, 0))} of users ·{' '}
            {stoppedAt ? `${formatTime(startedAt)} to ${formatTime(stoppedAt)}` : `started ${formatAgo(startedAt)}`}
          </Text>
        </div>
        {!stoppedAt && (
          <SureButton label="Stop" about={name} size="xs" loading={fetching} onSure={() => void stop({}).then(changed)} />
        )}
      </Group>
      <Stack gap="xs" mt="md">
        <Text fw={600} aria-live="polite">
          {decisionWords(experiment)}
        </Text>
        <Text size="sm">{evidence(experiment)}</Text>
        <RateRows
          label="Arm"
          hits={goals[goal]}
          trials={split ? 'Seen' : 'Of all'}
          rows={armRows(experiment)}
          note="Bars are 95% intervals of the Beta posterior, for one look and allowing for people who differ."
        />
      </Stack>
    </Paper>
  );
}
