import { Center } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSessionState } from '../api/Session';
import { Beats } from './Beats';
import { ErrorState } from './States';

/** Shows pages once it is known who is looking at them. */
export function SessionGate({ children }: { children: ReactNode }) {
  const state = useSessionState();
  if (state.session) return children;
  return (
    <Center mih="100vh" component="main">
      {state.error ? <ErrorState error={state.error} retry={state.renew} /> : <Beats />}
    </Center>
  );
}
