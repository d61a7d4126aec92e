import { describe, expect, it } from 'vitest';
import { departmentOf, groupDepartments, leafOf } from './departments';

const category = (path: string, productCount: number) => ({
  id: path,
  path,
  name: leafOf(path),
  department: departmentOf(path),
  productCount,
});

describe('groupDepartments', () => {
  it('sums products and keeps the order of paths', () => {
    const departments = groupDepartments([category('Music > Jazz', 3), category('Music > Folk', 2), category('Toys', 5)]);
    expect(departments.map(({ name, productCount }) => [name, productCount])).toEqual([
      ['Music', 5],
      ['Toys', 5],
    ]);
    expect(departments[0]?.categories.map(({ name }) => name)).toEqual(['Jazz', 'Folk']);
  });

  it('counts no product twice where the department is a category of its own', () => {
    const [films] = groupDepartments([category('Films', 9), category('Films > Comedy', 4), category('Films > Drama', 3)]);
    expect(films?.productCount).toBe(9);
    expect(films?.categories.map(({ name }) => name)).toEqual(['Comedy', 'Drama']);
  });

  it('lists a department that is its own category once', () => {
    expect(groupDepartments([category('Comedy', 9)])[0]?.categories).toEqual([]);
  });
});
