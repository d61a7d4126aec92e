import {
  IconChartLine, IconDatabase, IconGauge, IconKey, IconListCheck, IconStack2, IconUserSearch,
} from '@tabler/icons-react';

/** The studio's pages in the order of their tabs. */
export const pages = [
  { to: '/studio', label: 'Overview', Icon: IconGauge },
  { to: '/studio/data', label: 'Data', Icon: IconDatabase },
  { to: '/studio/train', label: 'Train', Icon: IconChartLine },
  { to: '/studio/models', label: 'Models', Icon: IconStack2 },
  { to: '/studio/users', label: 'Users', Icon: IconUserSearch },
  { to: '/studio/runs', label: 'Runs', Icon: IconListCheck },
  { to: '/studio/keys', label: 'Keys', Icon: IconKey },
] as const;

/** The page whose tab is lit at a path: the longest that starts it. */
export function currentPage(path: string): string {
  const below = pages.filter(({ to }) => path === to || path.startsWith(`${to}/`));
  return below.reduce((best, { to }) => (to.length > best.length ? to : best), '/studio');
}
