import { Button, FileInput, Group, Paper, Progress, Select, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { errorMessage } from '../api/errors';
import { ImportSourcesDocument, type ImportSourcesQuery, StartImportDocument } from '../api/generated/studio/graphql';
import { Loaded } from '../ui/Loaded';
import { ImportReport, isImportReport } from './ImportReport';
import { RunStatus } from './RunStatus';
import { upload } from './upload';
import { hasEnded, useRun } from './useRun';

type Source = ImportSourcesQuery['importSources'][number];

/** Brings files in: choose a format, check, then apply. */
export function ImportWizard() {
  const [result, again] = useQuery({ query: ImportSourcesDocument });
  return (
    <Paper withBorder p="lg">
      <Title order={2} size="h4" mb="sm">
        Import
      </Title>
      <Loaded result={result} retry={() => again({ requestPolicy: 'network-only' })} skeleton={<Skeleton h={160} />}>
        {({ importSources }) => <ImportForm sources={importSources} />}
      </Loaded>
    </Paper>
  );
}

function ImportForm({ sources }: { sources: Source[] }) {
  const [name, setName] = useState(sources.find((source) => source.name === 'csv')?.name ?? sources[0]?.name ?? '');
  const [files, setFiles] = useState<Record<string, File | null>>({});
  const [lenient, setLenient] = useState(false);
  const work = useImport();
  const source = sources.find((each) => each.name === name);
  const chosen = Object.entries(files).flatMap(([role, file]) => (file ? [{ role, file }] : []));
  return (
    <Stack>
      <Select
        label="Format"
        description={source?.description}
        data={sources.map((each) => each.name)}
        value={name}
        onChange={(value) => {
          setName(value ?? '');
          setFiles({});
        }}
        allowDeselect={false}
        maw={420}
      />
      <Group align="end">
        {source?.files.map((role) => (
          <FileInput
            key={`${name} ${role}`}
            label={role}
            placeholder="Choose a file"
            clearable
            w={260}
            value={files[role] ?? null}
            onChange={(file) => setFiles({ ...files, [role]: file })}
          />
        ))}
      </Group>
      <Switch
        label="Apply good rows although some are rejected"
        checked={lenient}
        onChange={(event) => setLenient(event.currentTarget.checked)}
      />
      <Group>
        <Button
          variant="default"
          disabled={chosen.length === 0}
          loading={work.busy}
          onClick={() => work.start(name, chosen, { dryRun: true, continueOnError: lenient })}
        >
          Check only
        </Button>
        <Button
          disabled={chosen.length === 0}
          loading={work.busy}
          onClick={() => work.start(name, chosen, { dryRun: false, continueOnError: lenient })}
        >
          Import
        </Button>
      </Group>
      {work.sent !== undefined && <Progress value={100 * work.sent} aria-label="Upload" />}
      {work.problem && (
        <Text c="var(--mantine-color-error)" role="alert">
          {work.problem}
        </Text>
      )}
      {work.run && <RunStatus run={work.run} />}
      {work.run && isImportReport(work.run.output) && <ImportReport report={work.run.output} />}
    </Stack>
  );
}

interface ImportOptions {
  dryRun: boolean;
  continueOnError: boolean;
}

/** Uploads files, starts the import and follows its run. */
function useImport() {
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const [runId, setRunId] = useState<string>();
  const [{ fetching }, startImport] = useMutation(StartImportDocument);
  const { run } = useRun(runId);

  async function start(source: string, chosen: { role: string; file: File }[], options: ImportOptions) {
    setProblem(undefined);
    setRunId(undefined);
    try {
      const files = [];
      for (const [index, { role, file }] of chosen.entries()) {
        const { uploadId } = await upload(file, (part) => setSent((index + part) / chosen.length));
        files.push({ role, uploadId });
      }
      const { data, error } = await startImport({ input: { source, files, ...options } });
      setProblem(error ? errorMessage(error) : data?.startImport.userErrors[0]?.message);
      setRunId(data?.startImport.run?.runId);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setSent(undefined);
    }
  }

  return { start, run, sent, problem, busy: sent !== undefined || fetching || (run !== undefined && !hasEnded(run)) };
}
