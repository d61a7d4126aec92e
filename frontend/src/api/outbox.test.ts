import type { Client } from '@urql/core';
import { describe, expect, it, vi } from 'vitest';
import type { InteractionInput } from './generated/api/graphql';
import { eventIndex, Outbox, parseWaiting, RefusedError } from './outbox';

interface Refusal {
  field: string[];
  message: string;
}

/** A server that refuses events of the named products and remembers what it was sent. */
function fakeClient(bad: string[] = []) {
  const batches: InteractionInput[][] = [];
  const mutation = async (_document: unknown, { interactions }: { interactions: InteractionInput[] }) => {
    batches.push(interactions);
    const userErrors = interactions.flatMap(({ productId }, index): Refusal[] =>
      bad.includes(productId) ? [{ field: ['interactions', String(index), 'productId'], message: `no ${productId}` }] : [],
    );
    return { data: { recordInteractions: { results: [], userErrors } } };
  };
  return { client: { mutation } as unknown as Client, batches };
}

function fakeStorage(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
    removeItem: (key: string) => void delete kept[key],
  };
}

describe('the outbox', () => {
  it('gives every event its own id and time and forgets it when the server has it', async () => {
    const { client, batches } = fakeClient();
    const storage = fakeStorage();
    await new Outbox(client, 'u1', storage).record({ productId: 'a', type: 'LIKE' }, { productId: 'b', type: 'VIEW' });
    const [first, second] = batches[0]!;
    expect(first).toMatchObject({ productId: 'a', userId: 'u1', time: expect.any(String) });
    expect(first!.eventId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(first!.eventId).not.toBe(second!.eventId);
    expect(storage.kept).toEqual({});
  });

  it('sends what an earlier visit left, with the same ids', async () => {
    const left = { eventId: 'e1', productId: 'a', type: 'RATING', value: 4 };
    const { client, batches } = fakeClient();
    const storage = fakeStorage({ 'valse.outbox.u1': JSON.stringify([left]) });
    const outbox = new Outbox(client, 'u1', storage);
    await vi.waitFor(() => expect(storage.kept).toEqual({}), { timeout: 30_000 });
    expect(batches).toEqual([[left]]);
    outbox.close();
  });

  it('keeps events while no answer comes', () => {
    const storage = fakeStorage();
    const silent = { mutation: () => new Promise(() => {}) } as unknown as Client;
    void new Outbox(silent, 'u1', storage).record({ productId: 'a', type: 'PURCHASE', value: 2 });
    expect(parseWaiting(storage.kept['valse.outbox.u1']!)).toMatchObject([{ productId: 'a', value: 2 }]);
  });

  it('does not let one refused event take the others with it', async () => {
    const { client, batches } = fakeClient(['gone']);
    const storage = fakeStorage();
    const recording = new Outbox(client, 'u1', storage).record(
      { productId: 'gone', type: 'IMPRESSION' },
      { productId: 'a', type: 'PURCHASE' },
    );
    await expect(recording).rejects.toEqual(new RefusedError('no gone'));
    expect(batches.map((batch) => batch.map(({ productId }) => productId))).toEqual([['gone', 'a'], ['a']]);
    expect(batches[1]![0]!.eventId).toBe(batches[0]![1]!.eventId);
    expect(storage.kept).toEqual({});
  });

  it('gathers quiet events into one request', async () => {
    vi.useFakeTimers();
    const { client, batches } = fakeClient();
    const outbox = new Outbox(client, undefined, fakeStorage());
    outbox.recordQuietly({ productId: 'a', type: 'IMPRESSION' });
    outbox.recordQuietly({ productId: 'b', type: 'IMPRESSION' });
    expect(batches).toEqual([]);
    await vi.runAllTimersAsync();
    expect(batches.map((batch) => batch.length)).toEqual([2]);
    vi.useRealTimers();
  });
});

describe('reading', () => {
  it('finds the event that a user error names', () => {
    expect(eventIndex(['input', 'interactions', '3', 'value'])).toBe(3);
    expect(eventIndex(['interactions'])).toBe(-1);
    expect(eventIndex(null)).toBe(-1);
  });

  it('takes unreadable storage for empty', () => {
    expect(parseWaiting('nonsense')).toEqual([]);
    expect(parseWaiting('[{"productId":"a"}]')).toEqual([]);
  });
});
