import { Button, Group } from '@mantine/core';
import { LinkButton } from '../ui/links';
import { EmptyState } from '../ui/States';

/** The end of a round. */
export function EnoughAsked({ more }: { more: () => void }) {
  return (
    <EmptyState
      title="That is a good start"
      action={
        <Group justify="center">
          <LinkButton to="/">See your shop</LinkButton>
          <Button variant="default" onClick={more}>
            Ask me five more
          </Button>
        </Group>
      }
    >
      Your list has followed every answer. It keeps moving with whatever you do from here.
    </EmptyState>
  );
}

/** The end of all questions. */
export function NothingLeft() {
  return (
    <EmptyState title="Nothing left to ask" action={<LinkButton to="/">See your shop</LinkButton>}>
      You have told us about everything that many people know.
    </EmptyState>
  );
}
