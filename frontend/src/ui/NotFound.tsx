import { LinkButton } from './links';
import { EmptyState } from './States';
import { usePageTitle } from './usePageTitle';

/** The page for addresses that lead nowhere. */
export function NotFound() {
  usePageTitle('Not found');
  return (
    <EmptyState title="There is no such page" action={<LinkButton to="/">Back to the shop</LinkButton>}>
      The address may be old or mistyped.
    </EmptyState>
  );
}
