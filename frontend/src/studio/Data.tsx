import { Stack, Title } from '@mantine/core';
import { usePageTitle } from '../ui/usePageTitle';
import { ImportWizard } from './ImportWizard';
import { Products } from './Products';

/** The catalogue, and the way in for more. */
export function Data() {
  usePageTitle('Data');
  return (
    <Stack gap="lg">
      <Title order={1}>Data</Title>
      <ImportWizard />
      <Products />
    </Stack>
  );
}
