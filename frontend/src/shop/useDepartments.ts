import { useMemo } from 'react';
import { useQuery } from 'urql';
import { DepartmentsDocument } from '../api/generated/shop/graphql';
import { type Department, groupDepartments } from './departments';

/** The shop's departments; undefined until they are known. */
export function useDepartments(): Department[] | undefined {
  const [{ data }] = useQuery({ query: DepartmentsDocument, requestPolicy: 'cache-first' });
  return useMemo(() => data && groupDepartments(data.categories), [data]);
}
