import { useEffect, useState } from 'react';
import { useSubscription } from 'urql';
import { type RunFieldsFragment, RunProgressDocument } from '../api/generated/studio/graphql';

/** Whether a run will not change any more. */
export function hasEnded({ state }: Pick<RunFieldsFragment, 'state'>): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED';
}

/** A run as it goes on; `onEnd` is called once when it ends while being watched. */
export function useRun(id: string | undefined, onEnd?: (run: RunFieldsFragment) => void) {
  const [ended, setEnded] = useState<string>();
  const [{ data, error }] = useSubscription({
    query: RunProgressDocument,
    variables: { id: id ?? '' },
    pause: id === undefined || ended === id,
  });
  const run = data?.run;
  useEffect(() => {
    if (!run || !hasEnded(run) || ended === run.runId) return;
    setEnded(run.runId);
    onEnd?.(run);
  }, [run, ended, onEnd]);
  return { run: run?.runId === id || run?.id === id ? run : undefined, error };
}
