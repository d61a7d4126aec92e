import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root';
import { BrowsePage } from './BrowsePage';
import { HomePage } from './HomePage';
import { ProductPage } from './ProductPage';
import { parseBrowseSearch, parseProductSearch } from './search';
import { Shop } from './Shop';

const layout = createRoute({ getParentRoute: () => rootRoute, id: 'shop', component: Shop });

const home = createRoute({ getParentRoute: () => layout, path: '/', component: HomePage });

const browse = createRoute({
  getParentRoute: () => layout,
  path: '/browse',
  validateSearch: parseBrowseSearch,
  component: BrowsePage,
});

const product = createRoute({
  getParentRoute: () => layout,
  path: '/product/$productId',
  validateSearch: parseProductSearch,
  component: ProductPage,
});

const cart = createRoute({
  getParentRoute: () => layout,
  path: '/cart',
  component: lazyRouteComponent(() => import('./CartPage'), 'CartPage'),
});

const taste = createRoute({
  getParentRoute: () => layout,
  path: '/taste',
  component: lazyRouteComponent(() => import('./TastePage'), 'TastePage'),
});

const questions = createRoute({
  getParentRoute: () => layout,
  path: '/questions',
  component: lazyRouteComponent(() => import('./QuestionsPage'), 'QuestionsPage'),
});

/** The shop's pages. */
export const shopRoute = layout.addChildren([home, browse, product, cart, taste, questions]);
