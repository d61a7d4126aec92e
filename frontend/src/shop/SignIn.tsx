import { Alert, Modal, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { type PersonasQuery, PersonasDocument, SignInDocument } from '../api/generated/shop/graphql';
import { errorMessage } from '../api/errors';
import { useSession } from '../api/Session';
import { Loaded } from '../ui/Loaded';
import classes from './SignIn.module.css';

type Persona = PersonasQuery['personas'][number];

/** Offers the demo's personas to sign in as. */
export function SignInDialog({ close }: { close: () => void }) {
  const { renew } = useSession();
  const [result, retry] = useQuery({ query: PersonasDocument });
  const [, signIn] = useMutation(SignInDocument);
  const [refusal, setRefusal] = useState<string | null>(null);
  const choose = async ({ userId }: Persona) => {
    const { data, error } = await signIn({ userId });
    const refused = error ? errorMessage(error) : data?.signIn.userErrors[0]?.message;
    setRefusal(refused ?? null);
    if (refused) return;
    close();
    renew();
  };
  return (
    <Modal opened onClose={close} title="Shop as someone" size="lg" centered>
      <Text c="dimmed" size="sm" mb="md">
        Most of them have a year and a half of history behind them. Step in, and see how their shop differs.
      </Text>
      {refusal && (
        <Alert color="red" mb="md" role="alert">
          {refusal}
        </Alert>
      )}
      <Loaded result={result} retry={() => retry()} skeleton={<Skeleton h={240} />}>
        {({ personas }) =>
          personas.length > 0 ? (
            <ul className={classes.personas}>
              {personas.map((persona) => (
                <li key={persona.userId}>
                  <UnstyledButton className={classes.persona} onClick={() => void choose(persona)}>
                    <span className={classes.initial} aria-hidden>
                      {persona.name.charAt(0)}
                    </span>
                    <span>
                      <Text fw={600} component="span" display="block">
                        {persona.name}
                      </Text>
                      <Text size="sm" c="dimmed" component="span">
                        {persona.taste}
                      </Text>
                    </span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          ) : (
            <Text>
              This shop has no demo shoppers, as it was not started with <code>--demo</code>. What you do counts for you as
              a visitor all the same.
            </Text>
          )
        }
      </Loaded>
    </Modal>
  );
}
