import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { HistoryQuery } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { CountsSwitch } from './CountsSwitch';
import classes from './TastePage.module.css';

export type Interaction = HistoryQuery['interactions']['edges'][number]['node'];

interface TasteRowProps {
  interaction: Interaction;
  /** Whether it counts for the list beside. */
  counts: boolean;
  toggle: () => void;
  /** What its small button says, what it says to those who do not see the row, and does; none where there is nothing to take back. */
  takeBack?: { text: string; label: string; run: () => void } | false | null;
  /** What the viewer did. */
  children: ReactNode;
}

/** One thing that the viewer did with a product, to take back or to leave out of the list beside. */
export function TasteRow({ interaction: { product, productId }, counts, toggle, takeBack, children }: TasteRowProps) {
  const title = titleOf({ product, productId });
  return (
    <li className={classes.row} data-out={!counts || undefined}>
      <Cover src={product?.imageUrl ?? ''} title={title} />
      <div>
        {product ? (
          <Link to="/product/$productId" params={{ productId }} className={classes.link}>
            {title}
          </Link>
        ) : (
          <span className={classes.link}>{title} (gone)</span>
        )}
        <Group gap="0 0.6rem">
          {children}
          {takeBack && (
            <Button variant="subtle" color="gray" size="compact-sm" fz="xs" px={0} aria-label={takeBack.label} onClick={takeBack.run}>
              {takeBack.text}
            </Button>
          )}
        </Group>
      </div>
      <CountsSwitch title={title} counts={counts} onChange={toggle} />
    </li>
  );
}

/** A product's title; of one that is gone, its id. */
export function titleOf({ product, productId }: Pick<Interaction, 'product' | 'productId'>): string {
  return product?.title ?? productId;
}
