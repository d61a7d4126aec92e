import { Carousel } from '@mantine/carousel';
import '@mantine/carousel/styles.layer.css';
import { ActionIcon, Group, Text, Title } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { EmblaCarouselType } from 'embla-carousel';
import { type ReactNode, useCallback, useId, useState, useSyncExternalStore } from 'react';
import classes from './Shelf.module.css';

interface ShelfProps<Item> {
  title: ReactNode;
  /** A line under the title. */
  subtitle?: ReactNode;
  items: Item[];
  itemKey: (item: Item) => string;
  children: (item: Item, index: number) => ReactNode;
}

/** One titled row that scrolls sideways by touch, arrows or keyboard. */
export function Shelf<Item>({ title, subtitle, items, itemKey, children }: ShelfProps<Item>) {
  const titleId = useId();
  const [embla, setEmbla] = useState<EmblaCarouselType | null>(null);
  const ends = useEnds(embla);
  return (
    <section aria-labelledby={titleId} className={classes.shelf}>
      <Group justify="space-between" align="end" wrap="nowrap" mb="sm">
        <div>
          <Title order={2} size="h3" id={titleId}>
            {title}
          </Title>
          {subtitle && (
            <Text c="dimmed" size="sm" component="div">
              {subtitle}
            </Text>
          )}
        </div>
        <Group gap={4} wrap="nowrap" className={classes.arrows} data-idle={(!ends.back && !ends.more) || undefined}>
          <Arrow label="Back" disabled={!ends.back} onClick={() => embla?.scrollPrev()} />
          <Arrow label="More" disabled={!ends.more} onClick={() => embla?.scrollNext()} />
        </Group>
      </Group>
      <Carousel
        withControls={false}
        // Arrow keys belong to the stars on the cards.
        withKeyboardEvents={false}
        getEmblaApi={setEmbla}
        slideSize="var(--shelf-slide)"
        slideGap="md"
        emblaOptions={{ align: 'start', containScroll: 'trimSnaps', slidesToScroll: 'auto', dragFree: true }}
        classNames={{ viewport: classes.viewport }}
      >
        {items.map((item, index) => (
          <Carousel.Slide key={itemKey(item)}>{children(item, index)}</Carousel.Slide>
        ))}
      </Carousel>
    </section>
  );
}

function Arrow({ label, disabled, onClick }: { label: string; disabled: boolean; onClick: () => void }) {
  const Icon = label === 'Back' ? IconChevronLeft : IconChevronRight;
  return (
    <ActionIcon
      variant="default"
      radius="xl"
      size="lg"
      aria-label={label}
      data-disabled={disabled || undefined}
      aria-disabled={disabled}
      onClick={onClick}
    >
      <Icon size={18} stroke={1.8} />
    </ActionIcon>
  );
}

/** Whether the row can scroll back and on. */
function useEnds(embla: EmblaCarouselType | null) {
  const subscribe = useCallback(
    (changed: () => void) => {
      embla?.on('select', changed).on('scroll', changed).on('reInit', changed);
      return () => {
        embla?.off('select', changed).off('scroll', changed).off('reInit', changed);
      };
    },
    [embla],
  );
  return {
    back: useSyncExternalStore(subscribe, () => embla?.canScrollPrev() ?? false),
    more: useSyncExternalStore(subscribe, () => embla?.canScrollNext() ?? false),
  };
}
