import { createRootRoute } from '@tanstack/react-router';
import { NotFound } from './ui/NotFound';

/** The route above shop, studio and playground. */
export const rootRoute = createRootRoute({ notFoundComponent: () => <NotFound /> });
