import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { Text, useComputedColorScheme } from '@mantine/core';
import { GraphiQL } from 'graphiql';
import { useSession } from '../api/Session';
import { LinkAnchor } from '../ui/links';
import { Logo } from '../ui/Logo';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { usePageTitle } from '../ui/usePageTitle';
import { examples } from './examples';
import { fetcher } from './fetcher';
import classes from './Playground.module.css';

/** GraphiQL on this server's API, with operations to start from. */
export function Playground() {
  usePageTitle('Playground');
  const { viewer } = useSession();
  const scheme = useComputedColorScheme('light');
  const who = viewer.isAnonymous ? 'a visitor' : viewer.user?.name || viewer.user?.userId || viewer.role.toLowerCase();
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <LinkAnchor to="/" aria-label="valse, start page" className={classes.brand}>
          <Logo suffix="playground" />
        </LinkAnchor>
        <Text size="sm" c="dimmed" className={classes.who}>
          You ask as {who}. Other servers send <code>Authorization: Bearer …</code> under Headers.
        </Text>
        <ThemeSwitch />
      </header>
      <main id="main" className={classes.main}>
        <GraphiQL fetcher={fetcher} defaultTabs={examples} forcedTheme={scheme} />
      </main>
    </div>
  );
}
