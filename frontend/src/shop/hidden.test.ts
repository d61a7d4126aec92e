import { expect, it } from 'vitest';
import type { EventType } from '../api/generated/shop/graphql';
import { hidesOf } from './hidden';

const event = (eventId: string, type: EventType, productId: string, value = 1) => ({
  id: eventId,
  eventId,
  type,
  value,
  time: '2026-01-01T00:00:00Z',
  productId,
  product: null,
});

it('finds the last hide of each product that was neither brought back nor liked since', () => {
  const events = [
    event('9', 'VIEW', 'heat'),
    event('8', 'HIDE', 'heat'),
    event('7', 'HIDE', 'heat'),
    event('6', 'HIDE', 'ronin', 0),
    event('5', 'HIDE', 'ronin'),
    event('4', 'LIKE', 'drive'),
    event('3', 'HIDE', 'drive'),
    event('2', 'HIDE', 'thief'),
    event('1', 'HIDE', 'thief', 0),
  ];
  expect(hidesOf(events)).toEqual(['8', '2']);
});
