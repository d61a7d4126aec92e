import type { ReactNode } from 'react';
import { LinkButton } from './links';
import { EmptyState } from './States';
import { usePageTitle } from './usePageTitle';

interface NotFoundProps {
  /** What the address names. */
  what?: string;
  /** The link that leads on. */
  back?: ReactNode;
}

/** The page for addresses that lead nowhere. */
export function NotFound({ what = 'page', back = <LinkButton to="/">Back to the shop</LinkButton> }: NotFoundProps) {
  usePageTitle('Not found');
  return (
    <EmptyState title={`There is no such ${what}`} action={back}>
      The address may be old or mistyped.
    </EmptyState>
  );
}
