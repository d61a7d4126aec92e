import { Group, Progress, Text } from '@mantine/core';
import { formatShare } from '../ui/format';
import classes from './QuestionsPage.module.css';

interface KnowledgeProps {
  /** How well the taste is known, 0 to 1. */
  value: number;
  answered: number;
  wanted: number;
}

/** The meter of how well the shop knows the viewer. */
export function Knowledge({ value, answered, wanted }: KnowledgeProps) {
  return (
    <div className={classes.knowledge}>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={560}>
          How well we know you: {formatShare(value)}
        </Text>
        <Text size="sm" c="dimmed">
          {Math.min(answered, wanted)} of {wanted} answered
        </Text>
      </Group>
      <Progress value={100 * value} size="lg" aria-label="How well we know you" transitionDuration={400} />
    </div>
  );
}
