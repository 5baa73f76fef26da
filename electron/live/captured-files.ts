import type { ReceivedFile, ReceivedStream } from '../../shared/ipc/live';
import { hasContent } from '../collect/collected-node';
import type { CollectedFile } from '../collect/frame-reader';
import { receivedFile } from './collect-job';

/** The sections that bring files, with what these are called in a bundle. */
const ENDINGS: Readonly<Record<string, string>> = {
  'capture-packets': 'pcapng',
  'capture-text': 'txt',
  'capture-trace': 'etl',
};

/**
 * What a capture brought, under names of the time it began, so that several of a node lie side by
 * side; what of it did not come whole, and what is left to do. Of two tries the better file counts.
 * @param startedAt milliseconds UTC
 */
export function capturedFiles(
  came: readonly CollectedFile[],
  startedAt: number,
): { readonly files: ReceivedFile[]; readonly troubles: string[]; readonly advice: string[] } {
  const name = `capture-${new Date(startedAt).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const files: ReceivedFile[] = [];
  const troubles: string[] = [];
  for (const [section, ending] of Object.entries(ENDINGS)) {
    const all = came.filter((file) => file.section === section);
    const best = all.findLast(({ state }) => state === 'ok') ?? all.findLast(hasContent);
    const said = (best ?? all.at(-1))?.notes ?? [];
    const path = `captures/${name}.${ending}`;
    // A capture without packets still says that there were none; an empty text says nothing.
    if (best !== undefined && best.bytes > 0)
      files.push({ ...receivedFile(best), section: name, path });
    const state = (best ?? all.at(-1))?.state ?? 'missing';
    // What the node cannot do is said where it is known to be an answer, not a fault.
    if (state !== 'ok' && state !== 'missing')
      troubles.push(`${path}: ${[state, ...said.slice(0, 2)].join(', ')}`);
  }
  const trace = files.find(({ path }) => path.endsWith('.etl'));
  const converted = files.some(({ path }) => path.endsWith('.pcapng'));
  return { files, troubles, advice: trace === undefined || converted ? [] : [howTo(trace)] };
}

/** How a trace that the node did not convert becomes what can be read here. */
function howTo({ path }: ReceivedFile): string {
  const file = path.replace('captures/', '');
  const out = file.replace('.etl', '.pcapng');
  return `The node cannot convert its trace. On a Windows computer: etl2pcapng.exe ${file} ${out}`;
}

/** A collection with what was captured beside what it had. */
export function withCapture(
  stream: ReceivedStream,
  files: readonly ReceivedFile[],
  time: { readonly from: number; readonly to: number },
): ReceivedStream {
  const taken = new Set(files.map(({ path }) => path));
  const sections = [...new Set(files.map(({ section }) => section))];
  return {
    ...stream,
    files: [...stream.files.filter(({ path }) => path === '' || !taken.has(path)), ...files],
    readAgain: [...(stream.readAgain ?? []), { ...time, sections }],
  };
}
