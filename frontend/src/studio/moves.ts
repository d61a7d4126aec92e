/** How an entry got to its place: places up (below 0: down), or new in the list. */
export type Move = number | 'new';

/** How each entry of a list moved since the list before; those that stayed are left out. */
export function moves(before: string[], now: string[]): Map<string, Move> {
  const places = new Map(before.map((id, place) => [id, place]));
  const found = new Map<string, Move>();
  for (const [place, id] of now.entries()) {
    const old = places.get(id);
    if (old === undefined) found.set(id, 'new');
    else if (old !== place) found.set(id, old - place);
  }
  return found;
}

/** A move in words, like `up 3`. */
export function describeMove(move: Move): string {
  if (move === 'new') return 'new';
  return move > 0 ? `up ${move}` : `down ${-move}`;
}
