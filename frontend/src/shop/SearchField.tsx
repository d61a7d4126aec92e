import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';

/** Finds products as one types; the words stand in the address. */
export function SearchField() {
  const router = useRouter();
  const navigate = useNavigate();
  const { q = '' } = useSearch({ strict: false });
  const [typed, setTyped] = useState(q);
  const [known, setKnown] = useState(q);
  if (q !== known) {
    setKnown(q);
    setTyped(q);
  }
  const search = (q: string) => {
    setKnown(q.trim());
    void navigate({ to: '/browse', search: q.trim() ? { q: q.trim() } : {} });
  };
  // Whoever has gone to another page meanwhile is not called back.
  const searchSoon = useDebouncedCallback((q: string, from: string) => {
    if (router.latestLocation.href === from) search(q);
  }, 300);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(typed);
      }}
    >
      <TextInput
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          searchSoon(currentTarget.value, router.latestLocation.href);
        }}
        aria-label="Search products"
        placeholder="Search products"
        type="search"
        radius="xl"
        leftSection={<IconSearch size={17} />}
        rightSection={
          typed && (
            <CloseButton
              size="sm"
              aria-label="Clear search"
              onClick={() => {
                setTyped('');
                search('');
              }}
            />
          )
        }
      />
    </form>
  );
}
