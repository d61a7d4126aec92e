import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { pages } from './pages';
import classes from './PageNav.module.css';

/** The studio's pages as links; on a phone the row scrolls to the one that is open. */
export function PageNav() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  return (
    <nav aria-label="Studio">
      <ul ref={list} className={classes.nav}>
        {pages.map(({ to, label, Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/studio', includeSearch: false }} className={classes.link}>
              <Icon size={16} stroke={1.7} aria-hidden />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
