import { expect, test } from 'vitest';
import { pages } from './pages';
import { studioRoute } from './routes';

test('every link leads to a page there is', () => {
  const children = Object.values(studioRoute.children ?? {}) as { options: { path: string } }[];
  const paths = new Set(children.map(({ options }) => (options.path === '/' ? '/studio' : `/studio/${options.path}`)));
  for (const { to } of pages) expect(paths).toContain(to);
});
