import { Button, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { AdminSignInDocument } from '../api/generated/studio/graphql';
import { useSession } from '../api/Session';
import { usePageTitle } from '../ui/usePageTitle';

/** Asks for the admin token and says where to find it. */
export function SignIn() {
  usePageTitle('Sign in to the studio');
  const { renew } = useSession();
  const [token, setToken] = useState('');
  const [{ data, error, fetching }, signIn] = useMutation(AdminSignInDocument);
  const problem = error ? errorMessage(error) : data?.adminSignIn.userErrors[0]?.message;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await signIn({ token: token.trim() });
    if (result.data?.adminSignIn.viewer.role === 'ADMIN') renew();
  }

  return (
    <Paper withBorder p="xl" maw={460} mx="auto" mt={{ base: 'lg', sm: 64 }} component="form" onSubmit={submit}>
      <Stack>
        <Title order={1} size="h2">
          Sign in to the studio
        </Title>
        <Text c="dimmed">
          The token was printed when the server first started. Lost it? <Code>valse keys admin</Code> makes a new one.
        </Text>
        {/* Password managers keep a token under a name. */}
        <input type="text" name="username" autoComplete="username" value="admin" readOnly hidden />
        <PasswordInput
          label="Admin token"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={problem}
          autoComplete="current-password"
          data-autofocus
          required
        />
        <Button type="submit" loading={fetching} disabled={token.trim() === ''}>
          Sign in
        </Button>
      </Stack>
    </Paper>
  );
}
