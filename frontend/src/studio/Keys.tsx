import { Alert, Anchor, Button, Checkbox, Code, CopyButton, Group, Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { ApiKeysDocument, type ApiKeysQuery, CreateApiKeyDocument, RevokeApiKeyDocument, type Scope } from '../api/generated/studio/graphql';
import { formatDate } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';
import { SureButton } from './SureButton';
import { WideTable } from './WideTable';

/** Keys of other servers: make, recognise, revoke. */
export function Keys() {
  usePageTitle('Keys');
  const [result, again] = useQuery({ query: ApiKeysDocument });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Keys</Title>
        <Text c="dimmed">
          Your own server records events and asks for anyone&rsquo;s list with a key: <Code>Authorization: Bearer …</Code>
        </Text>
      </div>
      <NewKey created={retry} />
      <Loaded result={result} retry={retry} skeleton={<Skeleton h={160} />}>
        {({ apiKeys }) =>
          apiKeys.length === 0 ? (
            <EmptyState title="No keys">Make one for each server, so that one can be revoked without the others.</EmptyState>
          ) : (
            <Paper withBorder>
              <WideTable label="Keys" minWidth={640}>
                <Table verticalSpacing="sm" horizontalSpacing="md">
                  <Table.Tbody>
                    {apiKeys.map((key) => (
                      <KeyRow key={key.id} apiKey={key} revoked={retry} />
                    ))}
                  </Table.Tbody>
                </Table>
              </WideTable>
            </Paper>
          )
        }
      </Loaded>
      <Example />
    </Stack>
  );
}

/** What a key may do, in words. */
const scopes: Record<Scope, string> = {
  READ: 'Read lists and histories',
  WRITE: 'Record events',
  CATALOG: 'Change products',
  USERS: 'Change users, speak for them',
};

function NewKey({ created }: { created: () => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>(Object.keys(scopes));
  const [{ data, error, fetching }, create] = useMutation(CreateApiKeyDocument);
  const refused = error ? errorMessage(error) : data?.createApiKey.userErrors[0]?.message;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await create({ name: name.trim(), scopes: chosen as Scope[] });
    if (!result.data?.createApiKey.secret) return;
    setName('');
    created();
  }

  return (
    <Stack>
      <Group component="form" align="end" onSubmit={submit}>
        <TextInput
          label="Name of the server"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={refused}
          miw={{ base: '100%', xs: 280 }}
        />
        <Button type="submit" loading={fetching} disabled={name.trim() === '' || chosen.length === 0}>
          Make a key
        </Button>
        <Checkbox.Group label="It may" value={chosen} onChange={setChosen} w="100%">
          <Group mt={4}>
            {Object.entries(scopes).map(([scope, label]) => (
              <Checkbox key={scope} value={scope} label={label} />
            ))}
          </Group>
        </Checkbox.Group>
      </Group>
      {data?.createApiKey.secret && <Secret secret={data.createApiKey.secret} />}
    </Stack>
  );
}

function Secret({ secret }: { secret: string }) {
  return (
    <Alert color="petrol" variant="default" title="Copy it now: it is shown this once" role="status">
      <Group>
        <Code style={{ overflowWrap: 'anywhere' }}>{secret}</Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}

function KeyRow({ apiKey, revoked }: { apiKey: ApiKeysQuery['apiKeys'][number]; revoked: () => void }) {
  const [{ fetching }, revoke] = useMutation(RevokeApiKeyDocument);
  return (
    <Table.Tr>
      <Table.Td fw={600}>{apiKey.name}</Table.Td>
      <Table.Td>
        <Code>{apiKey.prefix}…</Code>
      </Table.Td>
      <Table.Td>{apiKey.scopes.length === Object.keys(scopes).length ? 'Everything' : apiKey.scopes.map((s) => scopes[s]).join(', ')}</Table.Td>
      <Table.Td>{formatDate(apiKey.createdAt)}</Table.Td>
      <Table.Td ta="right">
        <SureButton
          size="xs"
          label="Revoke"
          about={`the key of ${apiKey.name}`}
          loading={fetching}
          onSure={() => revoke({ id: apiKey.keyId }).then(revoked)}
        />
      </Table.Td>
    </Table.Tr>
  );
}

/** A first call with a key, to paste into a shell. */
function Example() {
  const query = '{ user(id: \\"mara\\") { recommendations(first: 5) { items { product { title } } } } }';
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="xs">
        The first call
      </Title>
      <Text c="dimmed" size="sm" mb="sm">
        Anyone&rsquo;s list, from a server that has a key. The{' '}
        <Anchor href="/playground" inherit underline="always">
          playground
        </Anchor>{' '}
        knows the rest of the API.
      </Text>
      <Code block tabIndex={0} aria-label="Example">
        {`curl ${location.origin}/graphql \\\n  -H 'Authorization: Bearer <key>' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"query": "${query}"}'`}
      </Code>
    </Paper>
  );
}
