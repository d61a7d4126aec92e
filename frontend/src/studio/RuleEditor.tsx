import { Button, Group, Menu, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { type RuleKind, type RulesQuery, SaveRulesDocument } from '../api/generated/studio/graphql';
import { EmptyState } from '../ui/States';
import { RuleCard } from './RuleCard';
import { RulePreview } from './RulePreview';
import { type Draft, kinds, newRule, toDraft } from './rules';

interface RuleEditorProps {
  book: NonNullable<RulesQuery['rules']>;
  changed: () => void;
}

/** The rules in force as a draft, and how a page would change with it. */
export function RuleEditor({ book, changed }: RuleEditorProps) {
  const [saved] = useState(() => book.rules.map(toDraft));
  const [rules, setRules] = useState(saved);
  const [open, setOpen] = useState<string>();
  const edited = JSON.stringify(rules) !== JSON.stringify(saved);

  function add(kind: RuleKind) {
    const rule = newRule(kind, rules);
    setRules([...rules, rule]);
    setOpen(rule.ruleId);
  }
  const put = (rule: Draft) => setRules(rules.map((each) => (each.ruleId === rule.ruleId ? rule : each)));

  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text c="dimmed">{book.version === 0 ? 'Nothing was saved yet' : `Version ${book.version} is in force`}</Text>
        <AddRule add={add} />
      </Group>
      {rules.length === 0 ? (
        <EmptyState title="No rules">Lists are what the model makes of them. Add a rule to push, hold back, pin or hide products.</EmptyState>
      ) : (
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Rules">
          {rules.map((rule) => (
            <RuleCard
              key={rule.ruleId}
              rule={rule}
              open={open === rule.ruleId}
              toggle={() => setOpen(open === rule.ruleId ? undefined : rule.ruleId)}
              put={put}
              remove={() => setRules(rules.filter((each) => each !== rule))}
            />
          ))}
        </Stack>
      )}
      {edited && <Save version={book.version} rules={rules} discard={() => setRules(saved)} changed={changed} />}
      <Paper withBorder p="lg">
        <Title order={2} size="h4" mb={4}>
          Try it
        </Title>
        <RulePreview rules={rules} saved={saved} edited={edited} />
      </Paper>
    </Stack>
  );
}

function AddRule({ add }: { add: (kind: RuleKind) => void }) {
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} aria-hidden />}>Add a rule</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(kinds) as RuleKind[]).map((kind) => (
          <Menu.Item key={kind} onClick={() => add(kind)}>
            <Text fw={600} size="sm">
              {kinds[kind].name}
            </Text>
            <Text size="xs" c="dimmed">
              {kinds[kind].does}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface SaveProps {
  version: number;
  rules: Draft[];
  discard: () => void;
  changed: () => void;
}

function Save({ version, rules, discard, changed }: SaveProps) {
  const [note, setNote] = useState('');
  const [{ data, error, fetching }, save] = useMutation(SaveRulesDocument);
  const refused = error ? errorMessage(error) : data?.saveRules.userErrors[0]?.message;

  async function submit() {
    const result = await save({ rules, expectedVersion: version, note });
    if (result.data?.saveRules.book) changed();
  }

  return (
    <Paper withBorder p="md" role="region" aria-label="Unsaved changes">
      <Group align="end">
        <TextInput
          label="What changes and why"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={200}
          flex={1}
          miw={{ base: '100%', xs: 220 }}
        />
        <Button loading={fetching} onClick={submit}>
          Save for everyone
        </Button>
        <Button variant="default" onClick={discard}>
          Discard
        </Button>
      </Group>
      {refused && (
        <Text c="var(--mantine-color-error)" size="sm" role="alert" mt="xs">
          {refused}
        </Text>
      )}
    </Paper>
  );
}
