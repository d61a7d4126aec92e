import { useDocumentTitle } from '@mantine/hooks';

/** Names the page in the tab, like `Cart · valse`. */
export function usePageTitle(title?: string) {
  useDocumentTitle(title ? `${title} · valse` : 'valse');
}
