import { Alert, Group, Select, SimpleGrid, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { type Page, PreviewRulesDocument, type PreviewRulesQuery, UsersDocument } from '../api/generated/studio/graphql';
import { Cover } from '../ui/Cover';
import { EmptyState } from '../ui/States';
import classes from './ListEntry.module.css';
import { describeRule, type Draft, moveOf } from './rules';

interface RulePreviewProps {
  rules: Draft[];
  saved: Draft[];
  edited: boolean;
}

/** How long editing must rest before the page is composed again. */
const restMilliseconds = 400;

const stranger = 'A stranger';

/** A page as a customer sees it now, beside how it would be under the draft. */
export function RulePreview({ rules, saved, edited }: RulePreviewProps) {
  const [search, setSearch] = useState('');
  const [user, setUser] = useState<string | null>(null);
  const [page, setPage] = useState<Page>('HOME');
  const [subject, setSubject] = useState('');
  const [{ data: found }] = useQuery({ query: UsersDocument, variables: { search: search || undefined } });
  const [settled] = useDebouncedValue({ rules, subject }, restMilliseconds);
  const about = page === 'PRODUCT' || page === 'CATEGORY';
  const [{ data, error, fetching }] = useQuery({
    query: PreviewRulesDocument,
    variables: {
      rules: settled.rules,
      userId: user ?? undefined,
      page,
      productId: page === 'PRODUCT' ? settled.subject : undefined,
      category: page === 'CATEGORY' ? settled.subject : undefined,
    },
    pause: about && settled.subject.trim() === '',
  });
  const people = found?.users.nodes.map(({ userId, name }) => ({ value: userId, label: name ? `${name} (${userId})` : userId })) ?? [];
  return (
    <Stack gap="md">
      <Text c="dimmed" size="sm">
        {edited ? 'What is in force now, and what your changes would make of it. Only you see this.' : 'Change a rule above to see here what it would do.'}
      </Text>
      <Group align="end">
        <Select
          label="As seen by"
          placeholder={stranger}
          data={user && !people.some(({ value }) => value === user) ? [{ value: user, label: user }, ...people] : people}
          value={user}
          onChange={setUser}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': stranger }}
          onSearchChange={(text) => setSearch(text.replace(/ \(.*/, ''))}
          miw={{ base: '100%', xs: 260 }}
        />
        <Select
          label="Page"
          data={[
            { value: 'HOME', label: 'Start page' },
            { value: 'PRODUCT', label: 'Product page' },
            { value: 'CATEGORY', label: 'Category page' },
            { value: 'CART', label: 'Cart' },
          ]}
          value={page}
          onChange={(value) => value && setPage(value as Page)}
          allowDeselect={false}
        />
        {about && (
          <TextInput label={page === 'PRODUCT' ? 'Product id' : 'Category'} value={subject} onChange={(event) => setSubject(event.currentTarget.value)} />
        )}
      </Group>
      {error && !fetching && (
        <Alert color="red" variant="default" role="alert">
          {errorMessage(error)}
        </Alert>
      )}
      {fetching && !data && <Skeleton h={500} />}
      {data && !error && <Rows rows={data.previewRules} rules={[...rules, ...saved]} />}
    </Stack>
  );
}

type Row = PreviewRulesQuery['previewRules'][number];

function Rows({ rows, rules }: { rows: Row[]; rules: Draft[] }) {
  if (rows.length === 0) return <EmptyState title="An empty page">There is nothing to recommend here, now or then.</EmptyState>;
  return (
    <Stack gap="xl">
      {rows.map((row) => (
        <section key={`${row.kind} ${row.subject?.id ?? ''}`} aria-label={row.title} data-preview={row.kind}>
          <Title order={3} size="h5" mb="xs">
            {row.title}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
            <Side name="before" title="Now" entries={row.before} rules={rules} />
            <Side name="after" title="Then" entries={row.after} rules={rules} />
          </SimpleGrid>
        </section>
      ))}
    </Stack>
  );
}

interface SideProps {
  name: 'before' | 'after';
  title: string;
  entries: Row['before'];
  rules: Draft[];
}

function Side({ name, title, entries, rules }: SideProps) {
  const words = new Map(rules.toReversed().map((rule) => [rule.ruleId, describeRule(rule)]));
  return (
    <div data-side={name}>
      <Text size="sm" c="dimmed" mb="xs">
        {title}
      </Text>
      {entries.length === 0 && <Text size="sm">This row is not there.</Text>}
      <ol className={classes.list} style={{ gap: '0.5rem' }} aria-label={title}>
        {entries.map(({ rank, other, because, product }) => {
          const move = moveOf(name, rank, other);
          return (
            <li key={product.id} className={classes.entry} data-product={product.productId}>
              <Text className={classes.rank} c="dimmed" size="sm">
                {rank}
              </Text>
              <div className={classes.cover} style={{ width: 36 }}>
                <Cover src={product.imageUrl} title={product.title} />
              </div>
              <div className={classes.facts}>
                <Group gap="xs" wrap="nowrap" justify="space-between">
                  <Text size="sm" truncate title={product.productId}>
                    {product.title}
                  </Text>
                  {move && (
                    <span className={classes.move} style={{ flex: 'none' }} data-down={/^[↓g]/.test(move) || undefined}>
                      {move}
                    </span>
                  )}
                </Group>
                {move && because.length > 0 && (
                  <Text size="xs" c="dimmed" truncate>
                    {because.map((id) => words.get(id) ?? id).join('; ')}
                  </Text>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
