import type { Client, CombinedError } from '@urql/core';
import { type InteractionInput, RecordInteractionsDocument } from './generated/api/graphql';
import { uuid } from './uuid';

/** An event before it has an id, a user and a time. */
export type NewEvent = Omit<InteractionInput, 'eventId' | 'userId' | 'time'>;

type Event = InteractionInput & { eventId: string };

/** Where waiting events survive a closed tab. */
export type OutboxStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The most events one request takes. */
const batchSize = 250;

/** How long quiet events, like impressions, gather before they are sent. */
const quietMilliseconds = 1500;

/**
 * Holds one user's events from the moment they happen until the server has
 * them. Each event gets its id here, so that however often it is sent it counts
 * once. Waiting events are kept in storage: a closed tab or a dead network
 * delays them but does not lose them.
 */
export class Outbox {
  private waiting: Event[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly sending = new Set<string>();
  private readonly key: string;

  constructor(
    private readonly client: Client,
    private readonly userId: string | undefined,
    private readonly storage: OutboxStorage,
  ) {
    this.key = `valse.outbox.${userId ?? ''}`;
    this.waiting = parseWaiting(storage.getItem(this.key));
    if (this.waiting.length > 0) this.flush().catch(() => {});
  }

  /** Sends events now, with all that waits. Resolves when the server has them; throws what it refused. */
  record(...events: NewEvent[]): Promise<void> {
    this.add(events);
    return this.flush();
  }

  /** Sends events soon, many in one request; nobody is told when they are refused. */
  recordQuietly(...events: NewEvent[]): void {
    this.add(events);
    this.timer ??= setTimeout(() => this.flush().catch(() => {}), quietMilliseconds);
  }

  /** Stops the timer; what waits stays in storage for the next visit. */
  close(): void {
    clearTimeout(this.timer);
  }

  private add(events: NewEvent[]) {
    const time = new Date().toISOString();
    this.waiting.push(...events.map((event) => ({ ...event, eventId: uuid(), userId: this.userId, time })));
    this.save();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.waiting.filter((event) => !this.sending.has(event.eventId)).slice(0, batchSize);
    if (batch.length > 0) await this.send(batch);
  }

  /** Sends a batch; as one bad event has all refused, the others are sent again without it. */
  private async send(batch: Event[]): Promise<void> {
    batch.forEach((event) => this.sending.add(event.eventId));
    const { data, error } = await this.client.mutation(RecordInteractionsDocument, { interactions: batch });
    const refusals = data?.recordInteractions.userErrors ?? [];
    const bad = new Set(refusals.map(({ field }) => batch[eventIndex(field)]));
    const good = refusals.length === 0 || bad.has(undefined) ? [] : batch.filter((event) => !bad.has(event));
    this.drop(batch.filter((event) => !good.includes(event)));
    if (good.length > 0) await this.send(good);
    if (error) throw error;
    if (refusals[0]) throw new RefusedError(refusals[0].message);
  }

  private drop(events: Event[]) {
    events.forEach((event) => this.sending.delete(event.eventId));
    this.waiting = this.waiting.filter((event) => !events.includes(event));
    this.save();
  }

  private save() {
    if (this.waiting.length === 0) this.storage.removeItem(this.key);
    else this.storage.setItem(this.key, JSON.stringify(this.waiting));
  }
}

/** The server understood an event and will not have it. */
export class RefusedError extends Error {}

/** What a rejected `record` may throw. */
export type RecordError = CombinedError | RefusedError;

/** The place in the batch that a user error's path names; -1 for none. */
export function eventIndex(field: readonly string[] | null | undefined): number {
  const index = field?.find((part) => /^\d+$/.test(part));
  return index === undefined ? -1 : Number(index);
}

/** Reads kept events; anything unreadable counts as none. */
export function parseWaiting(text: string | null): Event[] {
  try {
    const events: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(events) ? events.filter((event) => typeof event?.eventId === 'string') : [];
  } catch {
    return [];
  }
}
