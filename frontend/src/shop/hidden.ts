import type { HistoryQuery } from '../api/generated/shop/graphql';

type Interaction = HistoryQuery['interactions']['edges'][number]['node'];

/** The ids of the events, given newest first, that hide a product still: the last of each, unless it was brought back or liked since. */
export function hidesOf(events: Interaction[]): string[] {
  const last = new Map<string, Interaction>();
  for (const event of events) {
    if ((event.type === 'HIDE' || event.type === 'LIKE') && !last.has(event.productId)) last.set(event.productId, event);
  }
  return [...last.values()].filter(({ type, value }) => type === 'HIDE' && value > 0).map(({ eventId }) => eventId);
}
