import { notifications } from '@mantine/notifications';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { errorMessage } from '../api/errors';
import { type NewEvent, type RecordError, RefusedError } from '../api/outbox';
import { useSession } from '../api/Session';
import { uuid } from '../api/uuid';
import { formatStars } from '../ui/format';
import type { CartLine } from './cart';
import { HiddenNotice } from './HiddenNotice';

/** A product as actions need it: its global id and what to call it. */
export interface Subject {
  id: string;
  title: string;
}

/** What the viewer thinks of a product beyond stars; known for this visit only. */
export type Mark = 'liked' | 'disliked' | 'hidden';

interface ShopState {
  marks: ReadonlyMap<string, Mark>;
  /** Stars given during this visit, 0 for taken back: live lists show them before the server has them. */
  ratings: ReadonlyMap<string, number>;
  /** What the viewer did last, in words: `rating Heat 4 stars`. */
  lastAction: string | null;
  actions: Actions;
}

/** Everything a person can do with a product; each is recorded as an event. */
export interface Actions {
  /** Gives stars; 0 takes them back. Resolves when that is saved or was refused, like those below. */
  rate: (subject: Subject, stars: number, recommendationId?: string) => Promise<void>;
  like: (subject: Subject, recommendationId?: string) => Promise<void>;
  dislike: (subject: Subject, recommendationId?: string) => Promise<void>;
  hide: (subject: Subject, recommendationId?: string) => void;
  /** Takes hiding back, as if it had not been done. */
  bringBack: (subject: Subject) => void;
  addToCart: (subject: Subject, recommendationId?: string) => void;
  /** Buys all lines as one basket. Resolves when the server has it. */
  buy: (lines: CartLine[]) => Promise<void>;
  view: (subject: Subject, recommendationId?: string) => void;
  click: (subject: Subject, recommendationId: string) => void;
  /** Was shown in a list. */
  see: (id: string, recommendationId: string) => void;
}

/** How long hiding can be undone where it was done; the taste page can later. */
const undoMilliseconds = 10_000;

const ShopContext = createContext<ShopState | null>(null);

/** Keeps what the viewer did during this visit, beside what the server knows. */
export function ShopStateProvider({ children }: { children: ReactNode }) {
  const { outbox } = useSession();
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  const [ratings, setRatings] = useState<ReadonlyMap<string, number>>(new Map());
  const [lastAction, setLastAction] = useState<string | null>(null);
  const mark = useCallback((id: string, mark: Mark) => setMarks((marks) => new Map(marks).set(id, mark)), []);

  const actions = useMemo<Actions>(() => {
    const send = (words: string, ...events: NewEvent[]) => {
      setLastAction(words);
      return outbox.record(...events);
    };
    const say = (words: string, event: NewEvent) => send(words, event).catch(complain);
    const bringBack = ({ id, title }: Subject) => {
      setMarks((marks) => new Map([...marks].filter(([marked]) => marked !== id)));
      notifications.hide(`hidden ${id}`);
      void say(`bringing back ${title}`, { productId: id, type: 'HIDE', value: 0 });
    };
    return {
      rate: ({ id, title }, stars, recommendationId) => {
        const words = stars === 0 ? `taking back your rating of ${title}` : `rating ${title} ${formatStars(stars)}`;
        setRatings((ratings) => new Map(ratings).set(id, stars));
        return send(words, { productId: id, type: 'RATING', value: stars, recommendationId }).catch((error) => {
          setRatings((ratings) => new Map([...ratings].filter(([rated]) => rated !== id)));
          complain(error);
        });
      },
      like: ({ id, title }, recommendationId) => {
        mark(id, 'liked');
        return say(`liking ${title}`, { productId: id, type: 'LIKE', recommendationId });
      },
      dislike: ({ id, title }, recommendationId) => {
        mark(id, 'disliked');
        return say(`disliking ${title}`, { productId: id, type: 'DISLIKE', recommendationId });
      },
      hide: (subject, recommendationId) => {
        const { id, title } = subject;
        mark(id, 'hidden');
        void say(`hiding ${title}`, { productId: id, type: 'HIDE', recommendationId });
        notifications.show({
          id: `hidden ${id}`,
          message: <HiddenNotice title={title} undo={() => bringBack(subject)} />,
          autoClose: undoMilliseconds,
        });
      },
      bringBack,
      addToCart: ({ id, title }, recommendationId) =>
        void say(`putting ${title} into your cart`, { productId: id, type: 'CART', recommendationId }),
      buy: (lines) => {
        const basket = uuid();
        const events = lines.map(({ id, quantity, recommendationId }) => ({
          productId: id,
          type: 'PURCHASE' as const,
          value: quantity,
          basket,
          recommendationId,
        }));
        return send('your purchase', ...events);
      },
      view: ({ id }, recommendationId) => outbox.recordQuietly({ productId: id, type: 'VIEW', recommendationId }),
      click: ({ id }, recommendationId) => outbox.recordQuietly({ productId: id, type: 'CLICK', recommendationId }),
      see: (id, recommendationId) => outbox.recordQuietly({ productId: id, type: 'IMPRESSION', recommendationId }),
    };
  }, [outbox, mark]);

  const state = useMemo(() => ({ marks, ratings, lastAction, actions }), [marks, ratings, lastAction, actions]);
  return <ShopContext.Provider value={state}>{children}</ShopContext.Provider>;
}

/** Tells the person that the server will not have what they did. */
export function complain(error: RecordError) {
  const message = error instanceof RefusedError ? error.message : errorMessage(error);
  notifications.show({ color: 'red', title: 'That was not saved', message });
}

/** What the viewer did during this visit, and what they can do. */
export function useShop(): ShopState {
  const state = useContext(ShopContext);
  if (!state) throw new Error('useShop needs a ShopStateProvider around it');
  return state;
}
