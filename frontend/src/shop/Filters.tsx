import { Select } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { type ProductOrder, VendorsDocument } from '../api/generated/shop/graphql';
import { formatNumber } from '../ui/format';
import { departmentOf } from './departments';
import classes from './Filters.module.css';
import { type BrowseSearch, parseBrowseSearch, usualOrder } from './search';
import { useDepartments } from './useDepartments';

const orders: { value: ProductOrder; label: string }[] = [
  { value: 'MATCH', label: 'Best match' },
  { value: 'TITLE', label: 'By name' },
  { value: 'NEWEST', label: 'Newest first' },
  { value: 'PRICE', label: 'Price, low to high' },
];

/** What narrows the list; each choice changes the address. */
export function Filters({ search }: { search: BrowseSearch }) {
  const navigate = useNavigate();
  const change = (part: BrowseSearch) =>
    void navigate({ to: '/browse', search: (old: BrowseSearch) => parseBrowseSearch({ ...old, ...part }), resetScroll: false });
  return (
    <aside aria-label="Filters" className={classes.filters}>
      <Select
        label="Order"
        data={orders.filter(({ value }) => value !== 'MATCH' || search.q)}
        value={search.order ?? usualOrder(search)}
        allowDeselect={false}
        onChange={(order) => change({ order: (order as ProductOrder | null) ?? undefined })}
      />
      <VendorSelect value={search.vendor} onChange={(vendor) => change({ vendor })} />
      <Categories search={search} />
    </aside>
  );
}

function VendorSelect({ value, onChange }: { value?: string; onChange: (vendor?: string) => void }) {
  const [{ data }] = useQuery({ query: VendorsDocument, requestPolicy: 'cache-first' });
  const names = data?.vendors.map(({ name }) => name) ?? [];
  if (data && names.length === 0) return null;
  return (
    <Select
      label="Vendor"
      placeholder="All vendors"
      data={names}
      value={value ?? null}
      searchable
      clearable
      limit={100}
      nothingFoundMessage="No such vendor"
      clearButtonProps={{ 'aria-label': 'All vendors' }}
      onChange={(vendor) => onChange(vendor ?? undefined)}
    />
  );
}

/** The categories of the chosen department, or all departments. */
function Categories({ search }: { search: BrowseSearch }) {
  const departments = useDepartments() ?? [];
  // Counts are of all products: beside a search or a vendor they would promise too much.
  const counted = !search.q && !search.vendor;
  const current = departments.find(({ name }) => search.category && name === departmentOf(search.category));
  const entries = current
    ? [{ label: `All of ${current.name}`, path: current.name, count: current.productCount }].concat(
        current.categories.map(({ name, path, productCount }) => ({ label: name, path, count: productCount })),
      )
    : departments.map(({ name, productCount }) => ({ label: name, path: name, count: productCount }));
  return (
    <nav aria-label="Categories" className={classes.categories}>
      {current && (
        <Link to="/browse" search={parseBrowseSearch({ ...search, category: undefined })} className={classes.category}>
          ‹ All departments
        </Link>
      )}
      {entries.map(({ label, path, count }) => (
        <Link
          key={path}
          to="/browse"
          search={parseBrowseSearch({ ...search, category: path })}
          className={classes.category}
          data-current={path === search.category || undefined}
          aria-current={path === search.category ? 'page' : undefined}
        >
          <span>{label}</span>
          {counted && <span className={classes.count}>{formatNumber(count)}</span>}
        </Link>
      ))}
    </nav>
  );
}
