import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** How long typing must rest before it is searched for. */
const restMilliseconds = 250;

/** The text of a page's search field, which goes into the page's address as `q` once typing rests. */
export function useSearchText(page: '/studio/users' | '/studio/data', q: string) {
  const router = useRouter();
  const navigate = useNavigate();
  const [text, setText] = useState(q);
  const [rested] = useDebouncedValue(text, restMilliseconds);
  useEffect(() => {
    // Whoever is on the way to another page is not called back.
    if (router.latestLocation.pathname !== page) return;
    void navigate({ to: page, search: (old) => ({ ...old, q: rested || undefined }), replace: true, resetScroll: false });
  }, [rested, page, router, navigate]);
  return [text, setText] as const;
}
