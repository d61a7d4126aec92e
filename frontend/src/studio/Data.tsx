import { Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { usePageTitle } from '../ui/usePageTitle';
import { DeadLetters } from './DeadLetters';
import { ImportWizard } from './ImportWizard';
import { MissingFiles } from './MissingFiles';
import { Products } from './Products';

/** The catalogue, and the way in for more. */
export function Data() {
  usePageTitle('Data');
  const [imports, setImports] = useState(0);
  return (
    <Stack gap="lg">
      <Title order={1}>Data</Title>
      <ImportWizard imported={() => setImports(imports + 1)} />
      <DeadLetters />
      <MissingFiles />
      <Products key={imports} />
    </Stack>
  );
}
