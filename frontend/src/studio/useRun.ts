import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { type RunFieldsFragment, RunProgressDocument } from '../api/generated/studio/graphql';

/** Whether a run will not change any more. */
export function hasEnded({ state }: Pick<RunFieldsFragment, 'state'>): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED';
}

/** A run as it goes on; `onEnd` is called once when it ends while being watched. */
export function useRun(id: string | undefined, onEnd?: (run: RunFieldsFragment) => void) {
  const [{ data, error }] = useSubscription({
    query: RunProgressDocument,
    variables: { id: id ?? '' },
    pause: id === undefined,
  });
  const run = data?.run.runId === id ? data?.run : undefined;
  const ended = run !== undefined && hasEnded(run);
  const latest = useRef({ run, onEnd });
  useEffect(() => {
    latest.current = { run, onEnd };
  });
  useEffect(() => {
    if (ended && latest.current.run) latest.current.onEnd?.(latest.current.run);
  }, [ended, id]);
  return { run, error };
}
