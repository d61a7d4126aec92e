import { useQuery } from 'urql';
import { ShelvesDocument } from '../api/generated/shop/graphql';
import { Loaded } from '../ui/Loaded';
import { usePageTitle } from '../ui/usePageTitle';
import { ForYou } from './ForYou';
import { Intro } from './Intro';
import { ProductShelves } from './ProductShelf';
import { ShelfSkeleton } from './ShelfSkeleton';

/** Products in a row. */
const rowLength = 16;

/** The start page: a word of welcome, the live row, and the rows the server composed. */
export function HomePage() {
  usePageTitle();
  const [result, retry] = useQuery({ query: ShelvesDocument, variables: { page: 'HOME', first: rowLength } });
  return (
    <>
      <Intro />
      <Loaded result={result} retry={retry} skeleton={<ShelfSkeleton rows={3} />}>
        {({ shelves }) => {
          const forYou = shelves.find(({ kind }) => kind === 'FOR_YOU');
          return (
            <>
              <ForYou title={forYou?.title} initial={forYou?.list} first={rowLength} />
              {/* Best-sellers stand in for what nothing is known to choose by: they need no second row. */}
              <ProductShelves
                shelves={shelves.filter(({ kind }) => kind !== 'FOR_YOU' && (forYou || kind !== 'BEST_SELLERS'))}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}
