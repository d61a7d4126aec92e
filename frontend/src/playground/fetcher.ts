import type { GraphiQLProps } from 'graphiql';
import { type OperationDefinitionNode, parse } from 'graphql';
import { createClient } from 'graphql-sse';
import { endpoint } from '../api/client';

type Fetcher = GraphiQLProps['fetcher'];
type Params = Parameters<Fetcher>[0];

/** Sends queries and mutations as plain requests, subscriptions as server-sent events. */
export const fetcher: Fetcher = (params, options) => {
  const headers: Record<string, string> = { ...options?.headers };
  const operation = operationOf(params);
  const request = { ...params, operationName: operation?.name?.value };
  if (operation?.operation !== 'subscription') return post(request, headers);
  const events = createClient({ url: endpoint, headers, retryAttempts: 0 });
  return events.iterate(request) as ReturnType<Fetcher>;
};

/**
 * The operation to run: the one that is named, else the only one. GraphiQL notes
 * name and syntax tree a moment after the text has changed, so that just after a
 * change of tabs both are the other tab's, and only the text is to be trusted.
 */
export function operationOf({ query, operationName }: Pick<Params, 'query' | 'operationName'>) {
  const operations = definitions(query).filter((node) => node.kind === 'OperationDefinition') as OperationDefinitionNode[];
  const named = operations.find((operation) => operation.name?.value === operationName);
  return named ?? (operations.length === 1 ? operations[0] : undefined);
}

/** None if the text is not GraphQL: the server says why. */
function definitions(query: string) {
  try {
    return parse(query).definitions;
  } catch {
    return [];
  }
}

async function post(params: Params, headers: Record<string, string>) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return response.json();
}
