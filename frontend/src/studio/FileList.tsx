import { CloseButton, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { formatBytes } from '../ui/format';
import type { FileUse } from './files';

/** A file and what it is taken for. */
export interface ChosenFile {
  file: File;
  use: FileUse;
}

const uses: { value: FileUse; label: string }[] = [
  { value: 'interactions', label: 'interactions' },
  { value: 'products', label: 'products' },
  { value: 'users', label: 'users' },
  { value: 'tags', label: 'read beside products' },
  { value: 'unused', label: 'left out' },
];

interface FileListProps {
  files: ChosenFile[];
  setFiles: (files: ChosenFile[]) => void;
}

/** The files that were chosen, each with what it is taken for, to change or to take away. */
export function FileList({ files, setFiles }: FileListProps) {
  if (files.length === 0) return null;
  return (
    <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Files">
      {files.map(({ file, use }) => (
        <Group key={file.name} component="li" wrap="nowrap" gap="sm">
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text truncate c={use === 'unused' ? 'dimmed' : undefined}>
              {file.name}
            </Text>
            <Text size="sm" c="dimmed">
              {formatBytes(file.size)}
            </Text>
          </div>
          <NativeSelect
            aria-label={`What ${file.name} holds`}
            data={uses.filter(({ value }) => value !== 'tags' || use === 'tags')}
            value={use}
            onChange={({ currentTarget }) =>
              setFiles(files.map((each) => (each.file === file ? { file, use: currentTarget.value as FileUse } : each)))
            }
          />
          <CloseButton
            aria-label={`Take ${file.name} away`}
            onClick={() => setFiles(files.filter((each) => each.file !== file))}
          />
        </Group>
      ))}
    </Stack>
  );
}
