import type { Client } from '@urql/core';
import { type InteractionInput, RecordInteractionsDocument } from './generated/api/graphql';
import { uuid } from './uuid';

/** An event before it has an id and a time. */
export type NewEvent = Omit<InteractionInput, 'eventId' | 'userId' | 'time'>;

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
  private waiting: InteractionInput[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly sending = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly key: string,
    private readonly storage: OutboxStorage,
  ) {
    this.waiting = parseWaiting(storage.getItem(key));
    if (this.waiting.length > 0) void this.flush();
  }

  /** Sends an event now, with all that waits. Resolves when the server has answered. */
  record(...events: NewEvent[]): Promise<void> {
    this.add(events);
    return this.flush();
  }

  /** Sends events soon, many in one request. */
  recordQuietly(...events: NewEvent[]): void {
    this.add(events);
    this.timer ??= setTimeout(() => void this.flush(), quietMilliseconds);
  }

  /** Stops the timer; what waits stays in storage for the next visit. */
  close(): void {
    clearTimeout(this.timer);
  }

  private add(events: NewEvent[]) {
    const time = new Date().toISOString();
    this.waiting.push(...events.map((event) => ({ ...event, eventId: uuid(), time })));
    this.save();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const interactions = this.waiting.filter((event) => !this.sending.has(event.eventId ?? '')).slice(0, batchSize);
    if (interactions.length === 0) return;
    const ids = interactions.map((event) => event.eventId ?? '');
    ids.forEach((id) => this.sending.add(id));
    const { error } = await this.client.mutation(RecordInteractionsDocument, { interactions });
    ids.forEach((id) => this.sending.delete(id));
    this.waiting = this.waiting.filter((event) => !ids.includes(event.eventId ?? ''));
    this.save();
    if (error) throw error;
  }

  private save() {
    if (this.waiting.length === 0) this.storage.removeItem(this.key);
    else this.storage.setItem(this.key, JSON.stringify(this.waiting));
  }
}

/** Reads kept events; anything unreadable counts as none. */
export function parseWaiting(text: string | null): InteractionInput[] {
  try {
    const events: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(events) ? events : [];
  } catch {
    return [];
  }
}
