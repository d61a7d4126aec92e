import { Button, Center, Text } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { type EventType, HistoryDocument } from '../api/generated/shop/graphql';
import { formatAgo } from '../ui/format';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { hidesOf } from './hidden';
import { phraseReason } from './reasons';
import { RowsSkeleton } from './RowsSkeleton';
import { useShop } from './ShopState';
import classes from './TastePage.module.css';
import { type Interaction, TasteRow, titleOf } from './TasteRow';

interface HistoryProps {
  types: EventType[];
  /** Event ids that do not count for the list beside. */
  without: string[];
  toggle: (eventIds: string[]) => void;
}

/** What the viewer did, newest first, each with a switch. */
export function History({ types, without, toggle }: HistoryProps) {
  const [after, setAfter] = useState<string | null>(null);
  const [result, retry] = useQuery({ query: HistoryDocument, variables: { types, first: 30, after } });
  return (
    <Loaded result={result} retry={retry} skeleton={<RowsSkeleton />}>
      {({ interactions: { edges, pageInfo } }) => {
        const hides = hidesOf(edges.map(({ node }) => node));
        return (
          <>
            {edges.length === 0 && <NoHistory />}
            <ul className={classes.rows}>
              {edges.map(({ node }) => (
                <Row
                  key={node.id}
                  interaction={node}
                  hides={hides.includes(node.eventId)}
                  counts={!without.includes(node.eventId)}
                  toggle={toggle}
                />
              ))}
            </ul>
            {pageInfo.hasNextPage && (
              <Center mt="lg">
                <Button variant="default" loading={result.fetching} onClick={() => setAfter(pageInfo.endCursor)}>
                  Show more
                </Button>
              </Center>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

interface RowProps {
  interaction: Interaction;
  /** Whether it hides the product still. */
  hides: boolean;
  counts: boolean;
  toggle: (eventIds: string[]) => void;
}

function Row({ interaction, hides, counts, toggle }: RowProps) {
  const { actions } = useShop();
  const { product, eventId, type, value, time } = interaction;
  const deed = type === 'RATING' && value === 0 ? 'took the rating back' : phraseReason({ type, value, title: 'it' });
  return (
    <TasteRow
      interaction={interaction}
      counts={counts}
      toggle={() => toggle([eventId])}
      takeBack={
        hides && product && { text: 'Bring back', label: `Bring back ${titleOf(interaction)}`, run: () => actions.bringBack(product) }
      }
    >
      <Text size="sm" c="dimmed">
        You {deed} · {formatAgo(time)}
      </Text>
    </TasteRow>
  );
}

function NoHistory() {
  return (
    <EmptyState title="Nothing yet" action={<LinkButton to="/">Look around</LinkButton>}>
      Your history starts with the first product you look at.
    </EmptyState>
  );
}
