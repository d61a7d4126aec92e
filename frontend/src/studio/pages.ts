import {
  IconAdjustmentsHorizontal, IconChartLine, IconDatabase, IconFlask2, IconGauge, IconHistory, IconKey, IconListCheck, IconStack2, IconTarget, IconUserSearch,
} from '@tabler/icons-react';

/** The studio's pages in the order of their links. */
export const pages = [
  { to: '/studio', label: 'Overview', Icon: IconGauge },
  { to: '/studio/data', label: 'Data', Icon: IconDatabase },
  { to: '/studio/train', label: 'Train', Icon: IconChartLine },
  { to: '/studio/models', label: 'Models', Icon: IconStack2 },
  { to: '/studio/users', label: 'Users', Icon: IconUserSearch },
  { to: '/studio/rules', label: 'Rules', Icon: IconAdjustmentsHorizontal },
  { to: '/studio/results', label: 'Results', Icon: IconTarget },
  { to: '/studio/experiments', label: 'Experiments', Icon: IconFlask2 },
  { to: '/studio/runs', label: 'Runs', Icon: IconListCheck },
  { to: '/studio/keys', label: 'Keys', Icon: IconKey },
  { to: '/studio/audit', label: 'Audit', Icon: IconHistory },
] as const;
