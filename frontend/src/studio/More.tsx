import { Button, Stack, Text } from '@mantine/core';
import { formatNumber } from '../ui/format';

interface MoreProps {
  connection: {
    nodes: unknown[];
    totalCount: number | null;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
  fetching: boolean;
  /** Asks for the page after a cursor. */
  more: (cursor: string) => void;
}

/** How much of a list is shown, and the way to more. */
export function More({ connection, fetching, more }: MoreProps) {
  const { nodes, totalCount, pageInfo } = connection;
  return (
    <Stack gap="xs" align="center" py="md">
      <Text size="sm" c="dimmed" aria-live="polite">
        {formatNumber(nodes.length)} of {formatNumber(totalCount ?? nodes.length)}
      </Text>
      {pageInfo.hasNextPage && (
        <Button variant="default" loading={fetching} onClick={() => pageInfo.endCursor && more(pageInfo.endCursor)}>
          Show more
        </Button>
      )}
    </Stack>
  );
}
