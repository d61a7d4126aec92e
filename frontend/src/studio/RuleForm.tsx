import { Group, MultiSelect, NumberInput, SimpleGrid, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from 'urql';
import { RuleChoicesDocument, type RuleMatchInput, type ShelfKind } from '../api/generated/studio/graphql';
import { type Draft, exploring, selective, shelves } from './rules';

interface RuleFormProps {
  rule: Draft;
  put: (rule: Draft) => void;
}

/** What a rule does, with what, where and when. Every change counts at once in the draft. */
export function RuleForm({ rule, put }: RuleFormProps) {
  const set = (fields: Partial<Draft>) => put({ ...rule, ...fields });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} mt="md">
      <Effect rule={rule} set={set} />
      {(selective.includes(rule.kind) || rule.kind === 'PIN') && <Where rule={rule} set={set} />}
      <MultiSelect
        label="On these shelves"
        placeholder={rule.shelves?.length ? undefined : 'All shelves'}
        data={(rule.kind === 'EXPLORE' ? exploring : (Object.keys(shelves) as ShelfKind[])).map((value) => ({ value, label: shelves[value] }))}
        value={rule.shelves ?? []}
        onChange={(chosen) => set({ shelves: chosen.length > 0 ? (chosen as ShelfKind[]) : undefined })}
        clearable
        clearButtonProps={{ 'aria-label': 'All shelves' }}
      />
      <TextInput label="Note" value={rule.note ?? ''} maxLength={200} onChange={(event) => set({ note: event.currentTarget.value || undefined })} />
      <Moment label="From" value={rule.from} change={(from) => set({ from })} />
      <Moment label="Until" value={rule.until} change={(until) => set({ until })} />
    </SimpleGrid>
  );
}

interface PartProps {
  rule: Draft;
  set: (fields: Partial<Draft>) => void;
}

/** The numbers of a rule's kind. */
function Effect({ rule, set }: PartProps) {
  const number = (label: string, field: 'factor' | 'position' | 'maxPerVendor' | 'maxPerCategory', min: number, max: number, step = 1) => (
    <NumberInput
      key={field}
      label={label}
      min={min}
      max={max}
      step={step}
      value={rule[field] ?? ''}
      onChange={(value) => set({ [field]: typeof value === 'number' && value > 0 ? value : undefined })}
    />
  );
  const percent = (label: string, field: 'strength' | 'share', max: number) => (
    <NumberInput
      label={label}
      suffix="%"
      min={1}
      max={max}
      step={5}
      value={Math.round(100 * (rule[field] ?? 0))}
      onChange={(value) => set({ [field]: Number(value) / 100 })}
    />
  );
  switch (rule.kind) {
    case 'BOOST':
      return number('Counts this many times', 'factor', 1.1, 1000, 0.5);
    case 'BURY':
      return number('Counts one part in', 'factor', 1.1, 1000, 0.5);
    case 'PIN':
      return number('Place in the list', 'position', 1, 100);
    case 'LIMIT':
      return (
        <Group grow align="start">
          {number('Of one vendor', 'maxPerVendor', 0, 1000)}
          {number('Of one category', 'maxPerCategory', 0, 1000)}
        </Group>
      );
    case 'DIVERSIFY':
      return percent('How much lists vary', 'strength', 90);
    case 'EXPLORE':
      return percent('Share of each list', 'share', 50);
    default:
      return null;
  }
}

/** Which products a rule is about. */
function Where({ rule, set }: PartProps) {
  const [{ data }] = useQuery({ query: RuleChoicesDocument });
  const where = rule.where ?? {};
  const put = (fields: RuleMatchInput) => {
    const next = Object.fromEntries(Object.entries({ ...where, ...fields }).filter(([, value]) => value && !(Array.isArray(value) && value.length === 0)));
    set({ where: Object.keys(next).length > 0 ? next : undefined });
  };
  const price = (label: string, field: 'minPrice' | 'maxPrice') => (
    <NumberInput
      label={label}
      min={0}
      decimalScale={2}
      value={where[field] ? where[field] / 100 : ''}
      onChange={(value) => put({ [field]: Math.round(100 * Number(value)) })}
    />
  );
  return (
    <>
      <TagsInput label="Products, by id" value={where.products ?? []} onChange={(products) => put({ products })} />
      {rule.kind !== 'PIN' && (
        <>
          <TagsInput label="In categories" data={categoryPaths(data?.categories)} value={where.categories ?? []} onChange={(categories) => put({ categories })} />
          <TagsInput label="Of vendors" data={data?.vendors.map(({ name }) => name)} value={where.vendors ?? []} onChange={(vendors) => put({ vendors })} />
          <Group grow align="start">
            {price('Price from', 'minPrice')}
            {price('Price up to', 'maxPrice')}
          </Group>
        </>
      )}
    </>
  );
}

/** Departments and full paths. */
function categoryPaths(categories: { path: string }[] = []): string[] {
  return [...new Set(categories.flatMap(({ path }) => [path.split(' > ')[0] ?? path, path]))].toSorted();
}

interface MomentProps {
  label: string;
  value: string | null | undefined;
  change: (time: string | undefined) => void;
}

/** A time in the reader's zone; empty for none. */
function Moment({ label, value, change }: MomentProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={value ? localTime(new Date(value)) : ''}
      onChange={({ currentTarget: { value } }) => change(value ? new Date(value).toISOString() : undefined)}
    />
  );
}

/** A time as the browser's field takes it. */
function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
