import { Badge } from '@mantine/core';
import { useRef } from 'react';
import type { CardListFragment } from '../api/generated/shop/graphql';
import classes from './ForYou.module.css';
import { ProductShelf } from './ProductShelf';
import { ShelfSkeleton } from './ShelfSkeleton';
import { useFlip } from '../ui/useFlip';
import { orderOf, useLiveList } from './useLiveList';

interface ForYouProps {
  /** The title the server gave the row, if it composed one. */
  title?: string;
  /** The list as the page was loaded, shown until the live one arrives. */
  initial?: CardListFragment;
  first: number;
}

/** The row that moves: each event re-ranks it under the viewer's eyes. */
export function ForYou({ title, initial, first }: ForYouProps) {
  const ref = useRef<HTMLDivElement>(null);
  const live = useLiveList(first);
  const list = live.list ?? initial;
  useFlip(ref, orderOf(list));
  if (!list) return <ShelfSkeleton />;
  const personal = list.source === 'LIVE' || list.source === 'STORED';
  return (
    <div ref={ref} data-shelf="for-you">
      <ProductShelf
        title={personal ? (title ?? 'For you') : 'A place to start'}
        subtitle={
          <span aria-live="polite" className={classes.hint}>
            {live.news ? (
              <Badge variant="light" size="lg" tt="none" fw={560} className={classes.updated}>
                {live.news}
              </Badge>
            ) : personal ? (
              'Re-ranked the moment you rate, like, hide or buy something.'
            ) : (
              'What others love now. Rate or like something, and this row becomes yours.'
            )}
          </span>
        }
        list={list}
        explained
        eager
      />
    </div>
  );
}
