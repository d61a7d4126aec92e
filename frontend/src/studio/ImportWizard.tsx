import { Button, Group, Paper, Progress, Select, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ImportSourcesDocument, type ImportSourcesQuery } from '../api/generated/studio/graphql';
import { LinkButton } from '../ui/links';
import { Loaded } from '../ui/Loaded';
import { FileDrop } from './FileDrop';
import { type ChosenFile, FileList } from './FileList';
import { filesProblem, guessSource, recognise, roleOf } from './files';
import { ImportReport, isImportReport } from './ImportReport';
import { RunStatus } from './RunStatus';
import { useImport } from './useImport';

type Source = ImportSourcesQuery['importSources'][number];

/** Brings files in: choose them, check, then apply. */
export function ImportWizard({ imported }: { imported: () => void }) {
  const [result, again] = useQuery({ query: ImportSourcesDocument });
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Import
      </Title>
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={240} />}>
        {({ importSources }) => <ImportForm sources={importSources} imported={imported} />}
      </Loaded>
    </Paper>
  );
}

function ImportForm({ sources, imported }: { sources: Source[]; imported: () => void }) {
  const [name, setName] = useState('csv');
  const [files, setFiles] = useState<ChosenFile[]>([]);
  const [lenient, setLenient] = useState(false);
  const work = useImport(imported);
  const used = files.filter(({ use }) => use !== 'unused');
  const problem = files.length > 0 ? filesProblem(files.map(({ use }) => use)) : undefined;
  const disabled = files.length === 0 || problem !== undefined;

  function settle(source: string, list: File[]) {
    setName(source);
    setFiles(list.map((file) => ({ file, use: recognise(source, file.name) })));
  }
  function add(more: File[]) {
    const names = new Set(more.map((file) => file.name));
    const all = [...files.map(({ file }) => file).filter((file) => !names.has(file.name)), ...more];
    settle(guessSource(all.map((file) => file.name)) ?? name, all);
  }
  const start = (dryRun: boolean) =>
    work.start(
      name,
      used.map(({ file, use }) => ({ file, role: roleOf(name, file.name, use) })),
      { dryRun, continueOnError: lenient },
    );

  return (
    <Stack>
      <FileDrop add={add} />
      <FileList files={files} setFiles={setFiles} />
      <Select
        label="Format"
        description={sources.find((each) => each.name === name)?.description}
        data={sources.map((each) => each.name)}
        value={name}
        onChange={(value) => value && settle(value, files.map(({ file }) => file))}
        allowDeselect={false}
        inputWrapperOrder={['label', 'input', 'description']}
        maw={520}
      />
      <Switch
        label="Keep the good rows although some are rejected"
        description="Off: one bad row keeps the whole import out."
        checked={lenient}
        onChange={(event) => setLenient(event.currentTarget.checked)}
      />
      <Group>
        <Button variant="default" disabled={disabled} loading={work.busy} onClick={() => start(true)}>
          Check only
        </Button>
        <Button disabled={disabled} loading={work.busy} onClick={() => start(false)}>
          Import
        </Button>
        {problem && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
      </Group>
      <Outcome work={work} />
    </Stack>
  );
}

/** How far the upload and the run are, and the report when it is over. */
function Outcome({ work }: { work: ReturnType<typeof useImport> }) {
  const { sent, problem, run } = work;
  const report = run && isImportReport(run.output) ? run.output : undefined;
  return (
    <>
      {sent !== undefined && <Progress value={100 * sent} aria-label="Upload" />}
      {problem && (
        <Text c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      {run && <RunStatus run={run} />}
      {report && <ImportReport report={report} />}
      {report?.applied && (
        <LinkButton to="/studio/train" variant="default" w="fit-content">
          Train on it
        </LinkButton>
      )}
    </>
  );
}
