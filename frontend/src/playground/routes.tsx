import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root';

/** The playground; its editor is large and loaded only here. */
export const playgroundRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'playground',
  component: lazyRouteComponent(() => import('./Playground'), 'Playground'),
});
