import type { DepartmentsQuery } from '../api/generated/shop/graphql';

type Category = DepartmentsQuery['categories'][number];

/** A department with its categories. */
export interface Department {
  name: string;
  productCount: number;
  categories: Category[];
}

/** Gathers categories under their departments, in the order of their paths. */
export function groupDepartments(categories: Category[]): Department[] {
  const departments = new Map<string, Department>();
  for (const category of categories) {
    const department = departments.get(category.department) ?? { name: category.department, productCount: 0, categories: [] };
    department.productCount += category.productCount;
    if (category.path !== category.department) department.categories.push(category);
    departments.set(category.department, department);
  }
  return [...departments.values()];
}

/** The first part of a category's path. */
export function departmentOf(path: string): string {
  return path.split(' > ')[0] ?? path;
}

/** The last part of a category's path. */
export function leafOf(path: string): string {
  return path.split(' > ').at(-1) ?? path;
}
