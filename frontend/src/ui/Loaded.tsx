import type { ReactNode } from 'react';
import type { CombinedError, UseQueryState } from 'urql';
import { ErrorState } from './States';

interface LoadedProps<Data> {
  /** A query as useQuery gives it. */
  result: Pick<UseQueryState<Data>, 'data'> & { error?: CombinedError };
  retry?: () => void;
  /** Shown until the first data; shaped like what will come. */
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Shows a query's data, or its error, or a skeleton. Data at hand is never taken away again. */
export function Loaded<Data>({ result, retry, skeleton, children }: LoadedProps<Data>) {
  if (result.data) return children(result.data);
  if (result.error) return <ErrorState error={result.error} retry={retry} />;
  return skeleton;
}
