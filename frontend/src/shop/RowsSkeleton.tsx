import { Skeleton, Stack } from '@mantine/core';

/** A column of rows before they are known. */
export function RowsSkeleton() {
  return (
    <Stack aria-hidden gap="md">
      {Array.from({ length: 6 }, (_, row) => (
        <Skeleton key={row} h={62} />
      ))}
    </Stack>
  );
}
