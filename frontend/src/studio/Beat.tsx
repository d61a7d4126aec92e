import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Beat.module.css';

interface BeatProps {
  /** What happens on this beat, like `Collect`. */
  title: string;
  /** Whether it has begun: the dot is filled. */
  on: boolean;
  /** The one figure or sentence to take away. */
  figure: string;
  children: ReactNode;
  /** What can be done about it. */
  actions: ReactNode;
}

/** One of the three beats that a shop's data goes through: collect, learn, recommend. */
export function Beat({ title, on, figure, children, actions }: BeatProps) {
  return (
    <Paper withBorder p="lg" component="section" className={classes.beat} aria-label={title}>
      <Title order={2} size="sm" className={classes.title} data-on={on || undefined}>
        {title}
      </Title>
      <Text component="div" className={classes.figure}>
        {figure}
      </Text>
      <Text component="div" c="dimmed" size="sm" className={classes.text}>
        {children}
      </Text>
      <Group gap="xs" mt="md">
        {actions}
      </Group>
    </Paper>
  );
}
