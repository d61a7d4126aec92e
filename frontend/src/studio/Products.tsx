import { Checkbox, Group, Paper, Skeleton, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useQuery } from 'urql';
import { StudioProductsDocument } from '../api/generated/studio/graphql';
import { Loaded } from '../ui/Loaded';
import { EmptyState } from '../ui/States';
import { More } from './More';
import { ProductRow } from './ProductRow';
import { useSearchText } from './useSearchText';

/** The catalogue: find a product, hide it or remove it. */
export function Products() {
  const navigate = useNavigate();
  const { q = '', hidden = false } = useSearch({ from: '/studio/data' });
  const [text, setText] = useSearchText('/studio/data', q);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Catalogue
      </Title>
      <Group align="end" mb="md">
        <TextInput
          label="Words in title, vendor, category or description"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          miw={{ base: '100%', xs: 360 }}
        />
        <Checkbox
          label="Hidden ones too"
          mb={8}
          checked={hidden}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            void navigate({
              to: '/studio/data',
              search: (old) => ({ ...old, hidden: checked || undefined }),
              resetScroll: false,
            });
          }}
        />
      </Group>
      <ProductList key={`${q} ${hidden}`} search={q} includeHidden={hidden} />
    </Paper>
  );
}

function ProductList({ search, includeHidden }: { search: string; includeHidden: boolean }) {
  const [after, setAfter] = useState<string>();
  const filter = { search: search || undefined, includeHidden };
  const [result, again] = useQuery({ query: StudioProductsDocument, variables: { filter, after } });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Loaded result={result} retry={retry} skeleton={<Skeleton h={1640} />}>
      {({ products }) =>
        products.nodes.length === 0 ? (
          <EmptyState title="No products">
            {search ? 'Nothing holds all these words.' : 'Import a catalogue above, or put products over the API.'}
          </EmptyState>
        ) : (
          <>
            <ul aria-label="Products" style={{ margin: 0, padding: 0, listStyle: 'none' }}>
              {products.nodes.map((product) => (
                <ProductRow key={product.id} product={product} removed={retry} />
              ))}
            </ul>
            <More connection={products} fetching={result.fetching} more={setAfter} />
          </>
        )
      }
    </Loaded>
  );
}
