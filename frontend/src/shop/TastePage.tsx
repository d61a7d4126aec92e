import { SegmentedControl, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { EventType } from '../api/generated/shop/graphql';
import { LinkAnchor } from '../ui/links';
import { usePageTitle } from '../ui/usePageTitle';
import { History } from './History';
import { toggled } from './rated';
import { Ratings } from './Ratings';
import { TasteList } from './TasteList';
import classes from './TastePage.module.css';

/** What counts as having done something, rather than having been shown it. */
const deeds: EventType[] = ['PURCHASE', 'CART', 'RATING', 'LIKE', 'DISLIKE', 'HIDE', 'VIEW'];

/** What the shop knows of the viewer, beside the list that follows from it. */
export function TastePage() {
  usePageTitle('My taste');
  const [tab, setTab] = useState('ratings');
  const [without, setWithout] = useState<string[]>([]);
  const toggle = (eventIds: string[]) => setWithout((ids) => toggled(ids, eventIds));
  return (
    <>
      <header className={classes.head}>
        <Title order={1}>My taste</Title>
        <Text c="dimmed" maw={640}>
          Everything your list is made of. Change or take back a rating, bring back what you hid, or switch anything off to
          see what your list would be without it. <LinkAnchor to="/questions" underline="always">Answer a few questions</LinkAnchor> to tell us more.
        </Text>
      </header>
      <div className={classes.columns}>
        <section aria-label="What you did">
          <SegmentedControl
            aria-label="Show"
            mb="lg"
            value={tab}
            onChange={setTab}
            data={[
              { value: 'ratings', label: 'Ratings' },
              { value: 'history', label: 'History' },
            ]}
          />
          {tab === 'ratings' ? <Ratings without={without} toggle={toggle} /> : <History types={deeds} without={without} toggle={toggle} />}
        </section>
        <TasteList without={without} restore={() => setWithout([])} />
      </div>
    </>
  );
}
