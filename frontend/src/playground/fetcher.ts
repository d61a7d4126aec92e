import type { GraphiQLProps } from 'graphiql';
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-sse';
import { endpoint } from '../api/client';

type Fetcher = GraphiQLProps['fetcher'];

/** Sends queries and mutations as plain requests, subscriptions as server-sent events. */
export const fetcher: Fetcher = (params, options) => {
  const headers: Record<string, string> = { ...options?.headers };
  const document = options?.documentAST;
  const operation = document && getOperationAST(document, params.operationName);
  if (operation?.operation !== 'subscription') return post(params, headers);
  const events = createClient({ url: endpoint, headers, retryAttempts: 0 });
  return events.iterate({ ...params, operationName: params.operationName ?? undefined }) as ReturnType<Fetcher>;
};

async function post(params: Parameters<Fetcher>[0], headers: Record<string, string>) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return response.json();
}
