import { createRouter } from '@tanstack/react-router';
import { playgroundRoute } from './playground/routes';
import { rootRoute } from './root';
import { shopRoute } from './shop/routes';
import { studioRoute } from './studio/routes';

/** Every page of the web app by its address. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([shopRoute, studioRoute, playgroundRoute]),
  scrollRestoration: true,
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
