import type { HistoryQuery } from '../api/generated/shop/graphql';

type Interaction = HistoryQuery['interactions']['edges'][number]['node'];

/** A product the viewer rated: the latest rating, and every event that it is made of. */
export interface Rated {
  latest: Interaction;
  eventIds: string[];
}

/** The products with stars among rating events, newest first; those whose stars were taken back are left out. */
export function ratedOf(events: Interaction[]): Rated[] {
  const rated = new Map<string, Rated>();
  for (const event of events) {
    const known = rated.get(event.productId);
    if (known) known.eventIds.push(event.eventId);
    else rated.set(event.productId, { latest: event, eventIds: [event.eventId] });
  }
  return [...rated.values()].filter(({ latest }) => latest.value > 0);
}

/** Takes ids out of a set of ids if all are in it, else puts them all in. */
export function toggled(ids: string[], some: string[]): string[] {
  const rest = ids.filter((id) => !some.includes(id));
  return rest.length + some.length === ids.length ? rest : [...rest, ...some];
}
