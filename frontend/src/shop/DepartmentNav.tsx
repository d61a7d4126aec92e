import { Skeleton } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import classes from './DepartmentNav.module.css';
import { departmentOf } from './departments';
import { useDepartments } from './useDepartments';

/** The departments, under the header; nothing in a shop without categories. */
export function DepartmentNav() {
  const departments = useDepartments();
  const { category } = useSearch({ strict: false });
  const current = category && departmentOf(category);
  if (!departments) return <Skeleton h={18} w={480} my={11} maw="100%" />;
  if (departments.length === 0) return null;
  return (
    <nav aria-label="Departments" className={classes.nav}>
      {departments.map(({ name }) => (
        <Link
          key={name}
          to="/browse"
          search={{ category: name }}
          className={classes.link}
          data-current={name === current || undefined}
          aria-current={name === current ? 'page' : undefined}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
