import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type CombinedError, Provider, useClient, useQuery } from 'urql';
import { createClient } from './client';
import { ViewerDocument, type ViewerFieldsFragment } from './generated/api/graphql';
import { Outbox } from './outbox';

/** Whoever uses this tab. */
export interface Session {
  viewer: ViewerFieldsFragment;
  outbox: Outbox;
  /** Forgets all that was read, and reads anew: after signing in or out. */
  renew: () => void;
}

/** How far the session has come: nobody knows the viewer before the first answer. */
export type SessionState =
  | { session: Session; error?: undefined }
  | { session?: undefined; error?: CombinedError; renew: () => void };

const SessionContext = createContext<SessionState | null>(null);

/**
 * Opens the connection to the server and finds out who the viewer is.
 * The first answer also settles the visitor's cookie, so nothing else may be
 * asked before it: children wait through useSessionState.
 */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [client, setClient] = useState(createClient);
  const renew = useCallback(() => setClient(createClient()), []);
  return (
    <Provider value={client}>
      <ViewerGate renew={renew}>{children}</ViewerGate>
    </Provider>
  );
}

function ViewerGate({ renew, children }: { renew: () => void; children: ReactNode }) {
  const client = useClient();
  const [{ data, error }] = useQuery({ query: ViewerDocument });
  const viewer = data?.viewer;
  const userId = viewer?.user?.userId;
  const known = viewer !== undefined;
  const outbox = useMemo(
    () => (known ? new Outbox(client, userId, localStorage) : undefined),
    [client, known, userId],
  );
  useEffect(() => () => outbox?.close(), [outbox]);
  const state = useMemo<SessionState>(
    () => (viewer && outbox ? { session: { viewer, outbox, renew } } : { error, renew }),
    [viewer, outbox, error, renew],
  );
  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
}

/** The session as far as it has come. */
export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('useSessionState needs a SessionProvider around it');
  return state;
}

/** The session, inside pages: they are shown only once there is one. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (!session) throw new Error('useSession needs a SessionGate around it');
  return session;
}
