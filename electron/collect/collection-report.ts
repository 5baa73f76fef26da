import type { CollectedFile, FrameStream } from './frame-reader';

/** What was collected, how each section went, and what is missing; for people. */
export const REPORT_FILE = 'collection-report.txt';

/**
 * How the collection of a node went, as a text that lies in its bundle and that the reader of
 * bundles understands (shared/parsers/collection-report.ts). Times are milliseconds UTC.
 */
export function collectionReport(
  name: string,
  { at, endedAt }: { readonly at: number; readonly endedAt: number | undefined },
  stream: FrameStream,
): string {
  const rows = stream.files.map((file) =>
    [
      file.state.padEnd(9),
      String(file.bytes).padStart(12),
      `${file.milliseconds ?? '?'} ms`.padStart(10),
      ` ${file.section}`.padEnd(24),
      file.path,
    ].join(' '),
  );
  const notes = stream.files.flatMap((file) =>
    file.notes.map((note) => `${file.section} (${file.state}): ${note}`),
  );
  return [
    `Collected by HNS Workbench from ${name} at ${new Date(at).toISOString()}`,
    ...(endedAt === undefined ? [] : [`Done at ${new Date(endedAt).toISOString()}`]),
    ...(stream.readAgain ?? []).map(
      ({ from, to, sections }) =>
        `Read again from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}: ${sections.join(', ')}`,
    ),
    // A cluster's objects come without PowerShell.
    ...(stream.languageMode === undefined && stream.complete
      ? []
      : [`PowerShell language mode: ${stream.languageMode ?? 'not told'}`]),
    stream.complete ? 'Complete.' : 'INCOMPLETE: missing data is never read as "nothing wrong".',
    ...stream.notes,
    '',
    ...rows,
    '',
    ...(notes.length === 0 ? [] : ['Notes:', ...notes, '']),
  ].join('\n');
}

/** What the operator should hear of: all but what came whole and what the node does not have. */
export function troubles(files: readonly CollectedFile[]): readonly string[] {
  return files
    .filter((file) => file.state !== 'ok' && file.state !== 'missing')
    .map((file) => {
      const what = file.path === '' ? file.section : `${file.section} (${file.path})`;
      return `${what}: ${file.state}${file.notes.length === 0 ? '' : `, ${file.notes.join('; ')}`}`;
    });
}
