import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root';
import { LinkButton } from '../ui/links';
import { NotFound } from '../ui/NotFound';
import { parseResultsSearch } from './results';

const studio = createRoute({
  getParentRoute: () => rootRoute,
  path: 'studio',
  component: lazyRouteComponent(() => import('./Studio'), 'Studio'),
  notFoundComponent: () => <NotFound back={<LinkButton to="/studio">Back to the overview</LinkButton>} />,
});

const overview = createRoute({
  getParentRoute: () => studio,
  path: '/',
  validateSearch: (search: { days?: unknown }): { days?: number } => oneOf('days', search.days, dayRanges),
  component: lazyRouteComponent(() => import('./Overview'), 'Overview'),
});

const train = createRoute({
  getParentRoute: () => studio,
  path: 'train',
  validateSearch: (search: { run?: unknown }): { run?: string } => text('run', search.run),
  component: lazyRouteComponent(() => import('./Train'), 'Train'),
});

const models = createRoute({
  getParentRoute: () => studio,
  path: 'models',
  component: lazyRouteComponent(() => import('./Models'), 'Models'),
});

const model = createRoute({
  getParentRoute: () => studio,
  path: 'models/$modelId',
  validateSearch: (search: { with?: unknown }): { with?: string } => text('with', search.with),
  component: lazyRouteComponent(() => import('./Model'), 'Model'),
});

const runs = createRoute({
  getParentRoute: () => studio,
  path: 'runs',
  validateSearch: (search: { kind?: unknown }): { kind?: (typeof runKinds)[number] } =>
    oneOf('kind', search.kind, runKinds),
  component: lazyRouteComponent(() => import('./Runs'), 'Runs'),
});

const run = createRoute({
  getParentRoute: () => studio,
  path: 'runs/$runId',
  component: lazyRouteComponent(() => import('./RunPage'), 'RunPage'),
});

const data = createRoute({
  getParentRoute: () => studio,
  path: 'data',
  validateSearch: (search: { q?: unknown; hidden?: unknown }): { q?: string; hidden?: boolean } => ({
    ...text('q', search.q),
    ...(search.hidden === true && { hidden: true }),
  }),
  component: lazyRouteComponent(() => import('./Data'), 'Data'),
});

const users = createRoute({
  getParentRoute: () => studio,
  path: 'users',
  validateSearch: (search: { q?: unknown }): { q?: string } => text('q', search.q),
  component: lazyRouteComponent(() => import('./Users'), 'Users'),
});

const user = createRoute({
  getParentRoute: () => studio,
  path: 'users/$userId',
  component: lazyRouteComponent(() => import('./Inspector'), 'Inspector'),
});

const rules = createRoute({
  getParentRoute: () => studio,
  path: 'rules',
  component: lazyRouteComponent(() => import('./Rules'), 'Rules'),
});

const keys = createRoute({
  getParentRoute: () => studio,
  path: 'keys',
  component: lazyRouteComponent(() => import('./Keys'), 'Keys'),
});

const audit = createRoute({
  getParentRoute: () => studio,
  path: 'audit',
  component: lazyRouteComponent(() => import('./Audit'), 'Audit'),
});

const results = createRoute({
  getParentRoute: () => studio,
  path: 'results',
  validateSearch: parseResultsSearch,
  component: lazyRouteComponent(() => import('./Results'), 'Results'),
});

const experiments = createRoute({
  getParentRoute: () => studio,
  path: 'experiments',
  component: lazyRouteComponent(() => import('./Experiments'), 'Experiments'),
});

/** Ranges of the activity chart in days. */
export const dayRanges = [30, 90, 365] as const;

/** Kinds of run that the list filters by. */
export const runKinds = ['IMPORT', 'TRAIN', 'PUBLISH'] as const;

/** A search parameter that is one of a few values, left out otherwise. */
function oneOf<Key extends string, Value>(key: Key, value: unknown, values: readonly Value[]): { [K in Key]?: Value } {
  const found = values.find((each) => String(each) === String(value));
  return (found === undefined ? {} : { [key]: found }) as { [K in Key]?: Value };
}

/** A search parameter of text, left out when it is empty. */
function text<Key extends string>(key: Key, value: unknown): { [K in Key]?: string } {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [K in Key]?: string };
}

/** The studio's pages; their code is loaded when someone goes there. */
export const studioRoute = studio.addChildren([overview, rules, data, train, models, model, users, user, runs, run, keys, audit, results, experiments]);
