import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { EraseUserDocument, ExportUserDocument } from '../api/generated/studio/graphql';
import { formatNumber } from '../ui/format';
import { download } from './download';

/** Export of everything kept about a user, and erasure of it. */
export function UserActions({ userId }: { userId: string }) {
  const [exporting, exportUser] = useMutation(ExportUserDocument);
  const [erasing, setErasing] = useState(false);

  async function save() {
    const { data, error } = await exportUser({ id: userId });
    if (data?.exportUser.data) download(`${userId}.json`, data.exportUser.data);
    else notifications.show({ color: 'red', message: error ? errorMessage(error) : data?.exportUser.userErrors[0]?.message });
  }

  return (
    <Group gap="xs">
      <Button variant="default" loading={exporting.fetching} onClick={save}>
        Export
      </Button>
      <Button variant="default" onClick={() => setErasing(true)}>
        Erase…
      </Button>
      <EraseDialog userId={userId} opened={erasing} close={() => setErasing(false)} />
    </Group>
  );
}

function EraseDialog({ userId, opened, close }: { userId: string; opened: boolean; close: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [{ error, fetching }, erase] = useMutation(EraseUserDocument);

  async function confirm() {
    const { data } = await erase({ id: userId });
    if (!data) return;
    const { interactions, warehouseRows, receipt } = data.eraseUser;
    if (receipt) download('erasure-receipt.json', { receipt });
    notifications.show({
      message: `Erased ${userId}: ${formatNumber(interactions)} events, ${formatNumber(warehouseRows)} rows of the warehouse. The signed receipt was saved with your downloads.`,
    });
    void navigate({ to: '/studio/users' });
  }

  return (
    <Modal opened={opened} onClose={close} title={`Erase ${userId}?`} centered>
      <Stack>
        <Text>
          Their events, lists and rows in every kept model are removed from store and warehouse. There is no way back, and
          late events for them are refused. A signed receipt is saved with your downloads: it is kept nowhere else.
        </Text>
        <TextInput
          label={`Type ${userId} to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={error && errorMessage(error)}
          data-autofocus
        />
        <Button color="red.9" disabled={typed !== userId} loading={fetching} onClick={confirm}>
          Erase for good
        </Button>
      </Stack>
    </Modal>
  );
}
