import { Alert, Group, Indicator, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconHeart, IconShoppingBag } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { LinkAnchor, LinkIcon } from '../ui/links';
import { Logo } from '../ui/Logo';
import { Shell } from '../ui/Shell';
import { ThemeSwitch } from '../ui/ThemeSwitch';
import { AccountMenu } from './AccountMenu';
import { useCart } from './cart';
import { DepartmentNav } from './DepartmentNav';
import { SearchField } from './SearchField';
import { ShopStateProvider } from './ShopState';

/** The frame of the shop. */
export function Shop() {
  return (
    <ShopStateProvider>
      <Shell
        brand={
          <LinkAnchor to="/" aria-label="valse, start page">
            <Logo />
          </LinkAnchor>
        }
        middle={<SearchField />}
        actions={<Actions />}
        subnav={<DepartmentNav />}
        footer={<Footer />}
      >
        <Offline />
        <Outlet />
      </Shell>
    </ShopStateProvider>
  );
}

function Actions() {
  const { count } = useCart();
  return (
    <>
      <LinkIcon to="/taste" variant="subtle" color="gray" size="lg" aria-label="My taste">
        <IconHeart size={20} stroke={1.6} />
      </LinkIcon>
      <Indicator label={count} size={17} offset={5} disabled={count === 0} color="petrol">
        <LinkIcon
          to="/cart"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={count === 0 ? 'Cart, empty' : `Cart, ${count} in it`}
        >
          <IconShoppingBag size={20} stroke={1.6} />
        </LinkIcon>
      </Indicator>
      <AccountMenu />
      <ThemeSwitch />
    </>
  );
}

function Offline() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Alert color="amber" variant="default" mb="lg" role="status" title="You are offline">
      What you do is kept here and sent once when the connection is back.
    </Alert>
  );
}

function Footer() {
  return (
    <Group justify="space-between">
      <Text size="sm">Three beats: what you did, what we learn, what you see next.</Text>
      <Group gap="lg">
        <LinkAnchor to="/studio" size="sm">
          Studio
        </LinkAnchor>
        <LinkAnchor to="/playground" size="sm">
          GraphQL playground
        </LinkAnchor>
      </Group>
    </Group>
  );
}
