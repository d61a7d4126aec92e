import { useSession } from '../api/Session';
import { LinkAnchor } from '../ui/links';
import { Logo } from '../ui/Logo';
import { Shell } from '../ui/Shell';
import { EmptyState } from '../ui/States';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { usePageTitle } from '../ui/usePageTitle';

/** The frame of the studio. */
export function Studio() {
  usePageTitle('Studio');
  const { viewer } = useSession();
  return (
    <Shell
      brand={
        <LinkAnchor to="/studio">
          <Logo suffix="studio" />
        </LinkAnchor>
      }
      actions={<ThemeSwitch />}
    >
      <EmptyState title="Studio">
        {viewer.role === 'ADMIN' ? 'You are signed in.' : 'Sign in with the admin token printed at first start.'}
      </EmptyState>
    </Shell>
  );
}
