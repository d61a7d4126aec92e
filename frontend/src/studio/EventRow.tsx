import { Checkbox, Group, Text } from '@mantine/core';
import { Cover } from '../ui/Cover';
import { formatAgo, formatTime } from '../ui/format';
import { describeEvent } from './event';
import type { InspectedUser } from './History';

type Event = InspectedUser['history']['nodes'][number];

interface EventRowProps {
  event: Event;
  /** Whether the list counts it. */
  counted: boolean;
  toggle: () => void;
}

/** One event of a history, to count or to leave out. */
export function EventRow({ event, counted, toggle }: EventRowProps) {
  const title = event.product?.title ?? event.productId;
  return (
    <Group wrap="nowrap" gap="sm" component="label">
      <Checkbox checked={counted} onChange={toggle} aria-label={`Count: ${describeEvent(event)} ${title}`} />
      <div style={{ width: 36, flex: 'none' }}>
        {event.product && <Cover src={event.product.imageUrl} title={title} />}
      </div>
      <div style={{ minWidth: 0 }}>
        <Text truncate td={counted ? undefined : 'line-through'} c={counted ? undefined : 'dimmed'}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" title={formatTime(event.time)}>
          {describeEvent(event)} · {formatAgo(event.time)}
        </Text>
      </div>
    </Group>
  );
}
