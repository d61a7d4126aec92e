import { useLocalStorage } from '@mantine/hooks';
import { useMemo } from 'react';

/** Something in the cart. */
export interface CartLine {
  /** The product's global id. */
  id: string;
  quantity: number;
  /** The list it came from. */
  recommendationId?: string;
}

const mostOfOne = 99;

/** Puts one more of a product into the cart; the list it first came from keeps the credit. */
export function addLine(lines: CartLine[], added: Omit<CartLine, 'quantity'>): CartLine[] {
  const line = lines.find(({ id }) => id === added.id);
  return line ? setQuantity(lines, line.id, line.quantity + 1) : [...lines, { ...added, quantity: 1 }];
}

/** Changes how many there are of a product; none takes it out. */
export function setQuantity(lines: CartLine[], id: string, quantity: number): CartLine[] {
  const rounded = Math.min(mostOfOne, Math.max(0, Math.round(quantity)));
  return lines.map((line) => (line.id === id ? { ...line, quantity: rounded } : line)).filter((line) => line.quantity > 0);
}

/** How many things are in the cart. */
export function countLines(lines: CartLine[]): number {
  return lines.reduce((count, { quantity }) => count + quantity, 0);
}

/** Reads a kept cart; anything unreadable counts as empty. */
export function parseCart(text: string | undefined): CartLine[] {
  try {
    const lines: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(lines) ? lines.filter(isLine) : [];
  } catch {
    return [];
  }
}

function isLine(line: unknown): line is CartLine {
  const { id, quantity } = (line ?? {}) as Partial<CartLine>;
  return typeof id === 'string' && Number.isInteger(quantity) && quantity! > 0;
}

/** The cart of this browser; it stays when the visitor signs in. */
export function useCart() {
  const [lines, setLines] = useLocalStorage<CartLine[]>({
    key: 'valse.cart',
    defaultValue: [],
    deserialize: parseCart,
    getInitialValueInEffect: false,
  });
  return useMemo(
    () => ({
      lines,
      count: countLines(lines),
      add: (line: Omit<CartLine, 'quantity'>) => setLines((lines) => addLine(lines, line)),
      setQuantity: (id: string, quantity: number) => setLines((lines) => setQuantity(lines, id, quantity)),
      clear: () => setLines([]),
    }),
    [lines, setLines],
  );
}
