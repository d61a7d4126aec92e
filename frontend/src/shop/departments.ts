import type { DepartmentsQuery } from '../api/generated/shop/graphql';

type Category = DepartmentsQuery['categories'][number];

/** A department with its categories. */
export interface Department {
  name: string;
  productCount: number;
  categories: Category[];
}

/**
 * Gathers categories under their departments, in the order of their paths. A
 * department that is a category too counts the products of all below it.
 */
export function groupDepartments(categories: Category[]): Department[] {
  const departments = new Map<string, Category[]>();
  for (const category of categories) {
    departments.set(category.department, [...(departments.get(category.department) ?? []), category]);
  }
  return Array.from(departments, ([name, members]) => {
    const whole = members.find(({ path }) => path === name);
    const parts = members.filter((member) => member !== whole);
    const sum = parts.reduce((count, { productCount }) => count + productCount, 0);
    return { name, productCount: whole?.productCount ?? sum, categories: parts };
  });
}

/** The first part of a category's path. */
export function departmentOf(path: string): string {
  return path.split(' > ')[0] ?? path;
}

/** The last part of a category's path. */
export function leafOf(path: string): string {
  return path.split(' > ').at(-1) ?? path;
}
