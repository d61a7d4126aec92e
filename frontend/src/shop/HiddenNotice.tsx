import { Button, Group } from '@mantine/core';

interface HiddenNoticeProps {
  title: string;
  undo: () => void;
}

/** Says that a product was hidden, and offers to take that back. */
export function HiddenNotice({ title, undo }: HiddenNoticeProps) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span>You will not see {title} in your lists again.</span>
      <Button variant="light" size="compact-md" fz="sm" flex="none" aria-label={`Undo hiding ${title}`} onClick={undo}>
        Undo
      </Button>
    </Group>
  );
}
