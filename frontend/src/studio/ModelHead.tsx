import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { DeleteModelDocument, type ModelFieldsFragment, PublishModelDocument } from '../api/generated/studio/graphql';
import { formatNumber, formatTime } from '../ui/format';
import { LinkAnchor } from '../ui/links';
import { ContinueModel } from './ContinueModel';
import classes from './ModelHead.module.css';
import { Published } from './ModelTable';
import { RunStatus } from './RunStatus';
import { describeCalibration } from './score';
import { SureButton } from './SureButton';
import { hasEnded, useRun } from './useRun';

interface ModelHeadProps {
  model: ModelFieldsFragment;
  /** Called when it was published. */
  changed: () => void;
}

/** A model's name, where it comes from, and what can be done with it. */
export function ModelHead({ model, changed }: ModelHeadProps) {
  return (
    <Group justify="space-between" align="start">
      <div>
        <Group gap="sm">
          <Title order={1} className={classes.id}>
            {model.modelId}
          </Title>
          {model.published && <Published />}
        </Group>
        <Text c="dimmed">
          Trained {formatTime(model.createdAt)} on {formatNumber(model.interactions)} events of {formatNumber(model.users)}{' '}
          people with {formatNumber(model.products)} products
        </Text>
        {model.parent && (
          <Text c="dimmed">
            Continues{' '}
            <LinkAnchor to="/studio/models/$modelId" params={{ modelId: model.parent }}>
              {model.parent}
            </LinkAnchor>{' '}
            with newer events
          </Text>
        )}
        {model.calibration && (
          <Text c="dimmed">{describeCalibration(model.calibration)}</Text>
        )}
      </div>
      {model.published ? <ContinueModel /> : <Actions model={model} changed={changed} />}
    </Group>
  );
}

function Actions({ model, changed }: ModelHeadProps) {
  const navigate = useNavigate();
  const [publishing, publish] = useMutation(PublishModelDocument);
  const [deleting, remove] = useMutation(DeleteModelDocument);
  const { run } = useRun(publishing.data?.publishModel.run?.runId, changed);
  const busy = publishing.fetching || (run !== undefined && !hasEnded(run));
  const error = publishing.error ?? deleting.error;
  const refused =
    (error && errorMessage(error)) ??
    publishing.data?.publishModel.userErrors[0]?.message ??
    deleting.data?.deleteModel.userErrors[0]?.message;

  async function confirmDelete() {
    const result = await remove({ id: model.modelId });
    if (result.data?.deleteModel.userErrors.length === 0) void navigate({ to: '/studio/models' });
  }

  return (
    <Stack gap="xs" miw={{ base: '100%', sm: 300 }}>
      <Group gap="xs" justify="end">
        <SureButton label="Delete" about={`model ${model.modelId}`} loading={deleting.fetching} onSure={confirmDelete} />
        <Button loading={busy} onClick={() => publish({ id: model.modelId })}>
          Publish
        </Button>
      </Group>
      {run && <RunStatus run={run} titled={false} />}
      {refused && (
        <Text c="var(--mantine-color-error)" role="alert">
          {refused}
        </Text>
      )}
    </Stack>
  );
}
