import { useReducedMotion } from '@mantine/hooks';
import { type RefObject, useLayoutEffect, useRef } from 'react';

const move: KeyframeAnimationOptions = { duration: 520, easing: 'cubic-bezier(0.22, 0.8, 0.3, 1)' };

/**
 * Lets the children of a container that carry `data-flip` glide to their new
 * places after a change of order; newcomers fade in. Places are measured
 * against the carousel's track where there is one, so scrolling is not taken
 * for a move.
 */
export function useFlip(container: RefObject<HTMLElement | null>, order: string) {
  const still = useReducedMotion();
  const places = useRef<Map<string, DOMRect>>(new Map());
  useLayoutEffect(() => {
    if (!container.current) return;
    const cards = [...container.current.querySelectorAll<HTMLElement>('[data-flip]')];
    const track = container.current.querySelector<HTMLElement>('.mantine-Carousel-container') ?? container.current;
    const before = places.current;
    places.current = new Map(cards.map((card) => [card.dataset.flip!, placeIn(track, card)]));
    if (still || before.size === 0) return;
    for (const card of cards) glide(card, before.get(card.dataset.flip!), places.current.get(card.dataset.flip!)!);
  }, [container, order, still]);
}

function placeIn(track: HTMLElement, card: HTMLElement): DOMRect {
  const origin = track.getBoundingClientRect();
  const { x, y, width, height } = card.getBoundingClientRect();
  return new DOMRect(x - origin.x, y - origin.y, width, height);
}

function glide(card: HTMLElement, from: DOMRect | undefined, to: DOMRect) {
  if (!from) {
    card.animate([{ opacity: 0, transform: 'scale(0.94)' }, { opacity: 1, transform: 'none' }], move);
    return;
  }
  const [x, y] = [from.x - to.x, from.y - to.y];
  if (Math.abs(x) + Math.abs(y) > 1) {
    card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], move);
  }
}
