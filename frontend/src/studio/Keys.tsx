import { Alert, Button, Code, CopyButton, Group, Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { ApiKeysDocument, type ApiKeysQuery, CreateApiKeyDocument, RevokeApiKeyDocument } from '../api/generated/studio/graphql';
import { formatDate } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { usePageTitle } from '../ui/usePageTitle';

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
              <Table.ScrollContainer minWidth={420}>
                <Table verticalSpacing="sm" horizontalSpacing="md">
                  <Table.Tbody>
                    {apiKeys.map((key) => (
                      <KeyRow key={key.id} apiKey={key} revoked={retry} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </Paper>
          )
        }
      </Loaded>
    </Stack>
  );
}

function NewKey({ created }: { created: () => void }) {
  const [name, setName] = useState('');
  const [{ data, error, fetching }, create] = useMutation(CreateApiKeyDocument);
  const refused = error ? errorMessage(error) : data?.createApiKey.userErrors[0]?.message;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await create({ name: name.trim() });
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
        <Button type="submit" loading={fetching} disabled={name.trim() === ''}>
          Make a key
        </Button>
      </Group>
      {data?.createApiKey.secret && <Secret secret={data.createApiKey.secret} />}
    </Stack>
  );
}

function Secret({ secret }: { secret: string }) {
  return (
    <Alert color="teal" title="Copy it now: it is shown this once" role="status">
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
  const [sure, setSure] = useState(false);
  const [{ fetching }, revoke] = useMutation(RevokeApiKeyDocument);
  return (
    <Table.Tr>
      <Table.Td fw={600}>{apiKey.name}</Table.Td>
      <Table.Td>
        <Code>{apiKey.prefix}…</Code>
      </Table.Td>
      <Table.Td>{formatDate(apiKey.createdAt)}</Table.Td>
      <Table.Td ta="right">
        <Button
          size="xs"
          variant="default"
          loading={fetching}
          onBlur={() => setSure(false)}
          onClick={() => (sure ? revoke({ id: apiKey.keyId }).then(revoked) : setSure(true))}
        >
          {sure ? 'Really revoke?' : 'Revoke'}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
