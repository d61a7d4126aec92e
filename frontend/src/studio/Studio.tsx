import { Button } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { AdminSignOutDocument } from '../api/generated/studio/graphql';
import { useSession } from '../api/Session';
import { LinkAnchor } from '../ui/links';
import { Logo } from '../ui/Logo';
import { Shell } from '../ui/Shell';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { PageNav } from './PageNav';
import { SignIn } from './SignIn';

/** The frame of the studio: its pages, behind the sign-in. */
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
      subnav={admin && <PageNav />}
    >
      {admin ? <Outlet /> : <SignIn />}
    </Shell>
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
