import { createRoute, Outlet } from '@tanstack/react-router';
import { rootRoute } from '../root';
import { LinkAnchor } from '../ui/links';
import { Logo } from '../ui/Logo';
import { Shell } from '../ui/Shell';
import { ThemeSwitch } from '../ui/ThemeSwitch';

const layout = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shop',
  component: () => (
    <Shell
      brand={
        <LinkAnchor to="/">
          <Logo />
        </LinkAnchor>
      }
      actions={<ThemeSwitch />}
    >
      <Outlet />
    </Shell>
  ),
});

const home = createRoute({
  getParentRoute: () => layout,
  path: '/',
  component: () => <h1>valse</h1>,
});

/** The shop's pages. */
export const shopRoute = layout.addChildren([home]);
