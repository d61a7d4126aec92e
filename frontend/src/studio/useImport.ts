import { useState } from 'react';
import { useMutation } from 'urql';
import { errorMessage } from '../api/errors';
import { StartImportDocument } from '../api/generated/studio/graphql';
import { isImportReport } from './report';
import { upload } from './upload';
import { hasEnded, useRun } from './useRun';

/** How strict an import is. */
interface ImportOptions {
  dryRun: boolean;
  continueOnError: boolean;
}

/** Uploads files, starts the import and follows its run; `imported` is called when it has applied something. */
export function useImport(imported: () => void) {
  const [sent, setSent] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const [runId, setRunId] = useState<string>();
  const [{ fetching }, startImport] = useMutation(StartImportDocument);
  const { run } = useRun(runId, ({ output }) => {
    if (isImportReport(output) && output.applied) imported();
  });

  async function start(source: string, chosen: { role: string; file: File }[], options: ImportOptions) {
    setProblem(undefined);
    setRunId(undefined);
    const bytes = chosen.reduce((sum, { file }) => sum + file.size, 0);
    let before = 0;
    try {
      const files = [];
      for (const { role, file } of chosen) {
        const { uploadId } = await upload(file, (part) => setSent((before + part * file.size) / Math.max(bytes, 1)));
        before += file.size;
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
