import { Button, Tabs } from '@mantine/core';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { AdminSignOutDocument } from '../api/generated/studio/graphql';
import { useSession } from '../api/Session';
import { LinkAnchor } from '../ui/links';
import { Logo } from '../ui/Logo';
import { Shell } from '../ui/Shell';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { SignIn } from './SignIn';
import { currentPage, pages } from './pages';

/** The frame of the studio: its pages as tabs, behind the sign-in. */
export function Studio() {
  const { viewer } = useSession();
  const admin = viewer.role === 'ADMIN';
  return (
    <Shell
      brand={
        <LinkAnchor to="/studio" underline="never" c="inherit">
          <Logo suffix="studio" />
        </LinkAnchor>
      }
      actions={
        <>
          <ThemeSwitch />
          {admin && <SignOut />}
        </>
      }
      subnav={admin && <Pages />}
    >
      {admin ? <Outlet /> : <SignIn />}
    </Shell>
  );
}

function Pages() {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <Tabs
      value={currentPage(path)}
      onChange={(to) => to && navigate({ to })}
      variant="default"
      component="nav"
      aria-label="Studio"
      styles={{ list: { flexWrap: 'nowrap', overflowX: 'auto', scrollbarWidth: 'none' } }}
    >
      <Tabs.List>
        {pages.map(({ to, label, Icon }) => (
          <Tabs.Tab key={to} value={to} leftSection={<Icon size={16} stroke={1.7} />}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}

function SignOut() {
  const { renew } = useSession();
  const [{ fetching }, signOut] = useMutation(AdminSignOutDocument);
  return (
    <Button variant="default" size="xs" loading={fetching} onClick={() => signOut({}).then(renew)}>
      Sign out
    </Button>
  );
}
