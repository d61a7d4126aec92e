import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root';

/** The studio's pages; their code is loaded when someone goes there. */
export const studioRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'studio',
  component: lazyRouteComponent(() => import('./Studio'), 'Studio'),
});
