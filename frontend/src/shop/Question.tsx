import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconHeart, IconThumbDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { QuestionQuery } from '../api/generated/shop/graphql';
import { Cover } from '../ui/Cover';
import { Price } from '../ui/Price';
import { Stars } from '../ui/Stars';
import classes from './QuestionsPage.module.css';
import { useShop } from './ShopState';

interface QuestionProps {
  product: NonNullable<QuestionQuery['question']['product']>;
  /** Whether stars say more than a like. */
  byStars: boolean;
  waiting: boolean;
  /** Goes on to the next question; a skipped one does not count. */
  next: (counts: boolean) => void;
}

/** One question: would you like this? */
export function Question({ product, byStars, waiting, next }: QuestionProps) {
  const { actions } = useShop();
  const [sending, setSending] = useState(false);
  const answer = (sent: Promise<void>) => {
    setSending(true);
    void sent.then(() => next(true)).finally(() => setSending(false));
  };
  const busy = sending || waiting;
  return (
    <article className={classes.question}>
      <Cover src={product.imageUrl} title={product.title} eager />
      <Stack gap="md">
        <div>
          <Text c="dimmed" size="sm">
            {[product.category?.name, product.vendor?.name].filter(Boolean).join(' · ')}
          </Text>
          <Title order={2} size="h3">
            {product.title}
          </Title>
          {product.price && <Price money={product.price} />}
        </div>
        {byStars ? (
          <Stars size="lg" value={null} label={`Rate ${product.title}`} onChange={(stars) => answer(actions.rate(product, stars))} />
        ) : (
          <Group gap="sm">
            <Button leftSection={<IconHeart size={18} />} disabled={busy} onClick={() => answer(actions.like(product))}>
              I like it
            </Button>
            <Button
              variant="default"
              leftSection={<IconThumbDown size={18} />}
              disabled={busy}
              onClick={() => answer(actions.dislike(product))}
            >
              Not for me
            </Button>
          </Group>
        )}
        <div>
          <Button variant="subtle" color="gray" size="compact-md" ml={-8} disabled={busy} onClick={() => next(false)}>
            Skip, I don’t know it
          </Button>
        </div>
      </Stack>
    </article>
  );
}
