import { Badge, Button, Checkbox, Group, Paper, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  DeleteProductDocument, HideProductDocument, type StudioProductFragment, StudioProductsDocument,
} from '../api/generated/studio/graphql';
import { Cover } from '../ui/Cover';
import { formatNumber } from '../ui/format';
import { Loaded } from '../ui/Loaded';
import { Price } from '../ui/Price';
import { EmptyState } from '../ui/States';

/** The catalogue: find a product, hide it or remove it. */
export function Products() {
  const navigate = useNavigate();
  const { q = '', hidden = false } = useSearch({ from: '/studio/data' });
  const [text, setText] = useState(q);
  const [search] = useDebouncedValue(text, 250);
  useEffect(() => {
    void navigate({ to: '/studio/data', search: (old) => ({ ...old, q: search || undefined }), replace: true });
  }, [search, navigate]);
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Catalogue
      </Title>
      <Group align="end" mb="md">
        <TextInput
          label="Words in title, vendor, category or description"
          leftSection={<IconSearch size={16} />}
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
            void navigate({ to: '/studio/data', search: (old) => ({ ...old, hidden: checked || undefined }) });
          }}
        />
      </Group>
      <ProductTable key={`${q} ${hidden}`} search={q} includeHidden={hidden} />
    </Paper>
  );
}

function ProductTable({ search, includeHidden }: { search: string; includeHidden: boolean }) {
  const [after, setAfter] = useState<string>();
  const filter = { search: search || undefined, includeHidden };
  const [result, again] = useQuery({ query: StudioProductsDocument, variables: { filter, after } });
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <Loaded result={result} retry={retry} skeleton={<Skeleton h={320} />}>
      {({ products }) =>
        products.nodes.length === 0 ? (
          <EmptyState title="No products">
            {search ? 'Nothing holds all these words.' : 'Import a catalogue above, or put products over the API.'}
          </EmptyState>
        ) : (
          <Stack>
            <Table.ScrollContainer minWidth={560}>
              <Table verticalSpacing={6}>
                <Table.Tbody>
                  {products.nodes.map((product) => (
                    <ProductRow key={product.id} product={product} changed={retry} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Stack gap="xs" align="center">
              <Text size="sm" c="dimmed">
                {formatNumber(products.nodes.length)} of {formatNumber(products.totalCount ?? products.nodes.length)}
              </Text>
              {products.pageInfo.hasNextPage && (
                <Button
                  variant="default"
                  loading={result.fetching}
                  onClick={() => setAfter(products.pageInfo.endCursor ?? undefined)}
                >
                  Show more
                </Button>
              )}
            </Stack>
          </Stack>
        )
      }
    </Loaded>
  );
}

function ProductRow({ product, changed }: { product: StudioProductFragment; changed: () => void }) {
  const [sure, setSure] = useState(false);
  const [hiding, hide] = useMutation(HideProductDocument);
  const [deleting, remove] = useMutation(DeleteProductDocument);
  return (
    <Table.Tr>
      <Table.Td w={48}>
        <Cover src={product.imageUrl} title={product.title} />
      </Table.Td>
      <Table.Td>
        <Text fw={600} c={product.hidden ? 'dimmed' : undefined}>
          {product.title}{' '}
          {product.hidden && (
            <Badge radius="sm" color="gray.7">
              hidden
            </Badge>
          )}
          {!product.inStock && (
            <Badge radius="sm" color="gray.7">
              out of stock
            </Badge>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {[product.productId, product.category?.path, product.vendor?.name].filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Price money={product.price} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            loading={hiding.fetching}
            onClick={() => hide({ id: product.productId, hidden: !product.hidden }).then(changed)}
          >
            {product.hidden ? 'Show' : 'Hide'}
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={deleting.fetching}
            onBlur={() => setSure(false)}
            onClick={() => (sure ? remove({ id: product.productId }).then(changed) : setSure(true))}
          >
            {sure ? 'Really delete?' : 'Delete'}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
