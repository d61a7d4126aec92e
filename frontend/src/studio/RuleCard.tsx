import { Badge, Button, Collapse, Group, Paper, Switch, Text } from '@mantine/core';
import { formatTime } from '../ui/format';
import { RuleForm } from './RuleForm';
import { describeRule, describeScope, type Draft, kinds } from './rules';

interface RuleCardProps {
  rule: Draft;
  open: boolean;
  toggle: () => void;
  put: (rule: Draft) => void;
  remove: () => void;
}

/** One rule in a sentence, and its form when it is open. */
export function RuleCard({ rule, open, toggle, put, remove }: RuleCardProps) {
  const words = describeRule(rule);
  return (
    <Paper withBorder p="md" component="li">
      <Group justify="space-between" align="start" gap="sm">
        <div style={{ flex: 1, minWidth: 200 }}>
          <Group gap="xs" mb={2}>
            <Badge variant="default">{kinds[rule.kind].name}</Badge>
            {rule.note && <Text size="sm">{rule.note}</Text>}
          </Group>
          <Text fw={600} c={rule.enabled ? undefined : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
            {words}
          </Text>
          <Text size="sm" c="dimmed">
            {describeScope(rule, formatTime)}
          </Text>
        </div>
        <Group gap="xs">
          <Switch
            label={rule.enabled ? 'On' : 'Off'}
            aria-label={`${words}: on`}
            checked={rule.enabled}
            onChange={(event) => put({ ...rule, enabled: event.currentTarget.checked })}
          />
          <Button size="xs" variant="default" onClick={toggle} aria-expanded={open} aria-label={`${open ? 'Close' : 'Edit'}: ${words}`}>
            {open ? 'Close' : 'Edit'}
          </Button>
          <Button size="xs" variant="default" onClick={remove} aria-label={`Remove: ${words}`}>
            Remove
          </Button>
        </Group>
      </Group>
      <Collapse expanded={open}>{open && <RuleForm rule={rule} put={put} />}</Collapse>
    </Paper>
  );
}
