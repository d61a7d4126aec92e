import { Client, fetchExchange, subscriptionExchange, type CombinedError } from '@urql/core';
import { retryExchange } from '@urql/exchange-retry';
import { createClient as createEventSource } from 'graphql-sse';
import { cache } from './cache';

export const endpoint = '/graphql';

/** Whether sending the same request again may help: the network or the server failed, not the request. */
export function isPassing(error: CombinedError): boolean {
  const status = (error.response as Response | undefined)?.status;
  return error.networkError !== undefined && (status === undefined || status === 429 || status >= 500);
}

/**
 * Makes a client with an empty cache. Mutations are repeated until they arrive,
 * which is safe as events carry their own ids; subscriptions run over
 * server-sent events and reconnect.
 */
export function createClient(): Client {
  const events = createEventSource({ url: endpoint, retryAttempts: Number.POSITIVE_INFINITY });
  return new Client({
    url: endpoint,
    preferGetMethod: false,
    // Only subscriptions are answered as streams.
    fetchOptions: { headers: { accept: 'application/graphql-response+json, application/json' } },
    requestPolicy: 'cache-and-network',
    exchanges: [
      cache(),
      retryExchange({
        initialDelayMs: 500,
        maxDelayMs: 10_000,
        maxNumberAttempts: Number.POSITIVE_INFINITY,
        retryIf: (error, operation) => operation.kind === 'mutation' && isPassing(error),
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: events.subscribe({ query: query ?? '', variables }, sink as Parameters<typeof events.subscribe>[1]),
          }),
        }),
      }),
    ],
  });
}
