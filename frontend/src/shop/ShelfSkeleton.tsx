import { Skeleton } from '@mantine/core';
import classes from './ShelfSkeleton.module.css';

/** A row before its products are known, in the same size. */
export function ShelfSkeleton({ rows = 1 }: { rows?: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <div key={row} className={classes.shelf} aria-hidden>
      <Skeleton h={28} w={220} mb="md" />
      <div className={classes.row}>
        {Array.from({ length: 8 }, (_, card) => (
          <CardSkeleton key={card} />
        ))}
      </div>
    </div>
  ));
}

/** A card before its product is known. */
export function CardSkeleton() {
  return (
    <div>
      <Skeleton className={classes.cover} />
      <Skeleton h={16} mt={12} />
      <Skeleton h={16} mt={8} w="60%" />
      <Skeleton h={14} mt={14} w="80%" />
    </div>
  );
}
