import { Button, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { errorMessage } from '../api/errors';
import classes from './States.module.css';

interface EmptyStateProps {
  title: string;
  /** Why there is nothing, and what to do about it. */
  children: ReactNode;
  action?: ReactNode;
}

/** Says why there is nothing here and what to do. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" className={classes.state}>
      <svg viewBox="0 0 72 40" width="72" height="40" aria-hidden className={classes.beats}>
        <path d="M8 32 Q36 -14 64 32" />
        <circle cx="8" cy="32" r="5" />
        <circle cx="36" cy="9" r="4" />
        <circle cx="64" cy="32" r="4" />
      </svg>
      <Title order={2} size="h3" ta="center">
        {title}
      </Title>
      <Text c="dimmed" maw={460} ta="center" component="div">
        {children}
      </Text>
      {action}
    </Stack>
  );
}

/** Says what went wrong and offers another try. */
export function ErrorState({ error, retry }: { error: CombinedError; retry?: () => void }) {
  return (
    <div role="alert">
      <EmptyState title="This could not be loaded" action={retry && <Button onClick={retry}>Try again</Button>}>
        {errorMessage(error)}
      </EmptyState>
    </div>
  );
}
