import { ActionIcon, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments, IconLogout, IconTerminal2, IconUser, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { SignOutDocument } from '../api/generated/shop/graphql';
import { useSession } from '../api/Session';
import { notifications } from '@mantine/notifications';
import { SignInDialog } from './SignIn';

/** Who is shopping, and the way to be someone else. */
export function AccountMenu() {
  const { viewer, renew } = useSession();
  const navigate = useNavigate();
  const [choosing, dialog] = useDisclosure(false);
  const [, signOut] = useMutation(SignOutDocument);
  const known = viewer.user && !viewer.isAnonymous;
  const name = known ? viewer.user?.name || viewer.user?.userId : 'Visitor';
  const leave = async () => {
    const { error } = await signOut({});
    if (error) notifications.show({ color: 'red', title: 'Not signed out', message: errorMessage(error) });
    else renew();
  };
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Account: ${name}`}>
            <IconUser size={20} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" fw={600} c="var(--mantine-color-text)">
              {name}
            </Text>
            {viewer.user?.persona ?? (known ? '' : 'Not signed in')}
          </Menu.Label>
          <Menu.Item leftSection={<IconUsers size={16} />} onClick={dialog.open}>
            {known ? 'Shop as someone else' : 'Shop as someone'}
          </Menu.Item>
          {known && (
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
              Sign out
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconAdjustments size={16} />} onClick={() => void navigate({ to: '/studio' })}>
            Studio
          </Menu.Item>
          <Menu.Item leftSection={<IconTerminal2 size={16} />} onClick={() => void navigate({ to: '/playground' })}>
            Playground
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {choosing && <SignInDialog close={dialog.close} />}
    </>
  );
}
