import { Skeleton, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { QuestionDocument } from '../api/generated/shop/graphql';
import { Loaded } from '../ui/Loaded';
import { usePageTitle } from '../ui/usePageTitle';
import { EnoughAsked, NothingLeft } from './Asked';
import { Knowledge } from './Knowledge';
import { Question } from './Question';
import classes from './QuestionsPage.module.css';
import { TasteList } from './TasteList';

/** How many answers a round asks for. */
const round = 5;

/** Asks a newcomer about the products that tell the most, beside the list that follows. */
export function QuestionsPage() {
  usePageTitle('Five questions');
  const [skip, setSkip] = useState<string[]>([]);
  const [answered, setAnswered] = useState(0);
  const [wanted, setWanted] = useState(round);
  const [result, retry] = useQuery({ query: QuestionDocument, variables: { skip }, requestPolicy: 'network-only' });
  const next = (productId: string, counts: boolean) => {
    setSkip((ids) => [...ids, productId]);
    if (counts) setAnswered((count) => count + 1);
  };
  return (
    <>
      <header className={classes.head}>
        <Title order={1}>Five questions</Title>
        <Text c="dimmed" maw={620}>
          Each is about the product that tells us most about your taste, given what you told us before. Skip what you do
          not know.
        </Text>
      </header>
      <div className={classes.columns}>
        <section aria-label="Question">
          <Loaded result={result} retry={retry} skeleton={<Skeleton h={420} />}>
            {({ question: { product, answer, knowledge } }) => (
              <>
                <Knowledge value={knowledge} answered={answered} wanted={wanted} />
                {!product ? (
                  <NothingLeft />
                ) : answered >= wanted ? (
                  <EnoughAsked more={() => setWanted(wanted + round)} />
                ) : (
                  <Question
                    key={product.id}
                    product={product}
                    byStars={answer === 'RATING'}
                    waiting={result.fetching || result.stale}
                    next={(counts) => next(product.id, counts)}
                  />
                )}
              </>
            )}
          </Loaded>
        </section>
        <TasteList without={none} restore={() => {}} />
      </div>
    </>
  );
}

/** No events are left out of the list. */
const none: string[] = [];
