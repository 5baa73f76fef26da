import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { parse } from 'node:path';
import { decode } from '../../shared/text/decode';
import { writeBundle } from '../collect/bundle-writer';
import { collectedNode } from '../collect/collected-node';
import { troubles } from '../collect/collection-report';
import { FrameReader, type FrameStream } from '../collect/frame-reader';
import { FrameStore } from '../collect/frame-store';
import { SourceError } from '../sources/source';
import { KnownHosts } from '../transports/ssh/known-hosts';
import { agentSocket, ownKnownHosts, userSshFile } from '../transports/ssh/operator-files';
import { openSsh } from '../transports/ssh/way';
import type { NodeWay } from '../transports/transport';
import { ArgumentError, type CollectCommand } from './arguments';
import { kubeCollection, nodeWithCluster } from './kube-way';
import { fileName, nodeStream, type Collected, type Live } from './node-stream';
import { localWay } from './local-way';
import { hopsOf, sshQuestions } from './ssh-way';
import type { Terminal } from './terminal';
import { winrmWay } from './winrm-way';

/**
 * Reads a node live, or what the collector printed when it was run by hand, and writes a bundle. Gives
 * the exit code: 0 everything came, 1 parts are missing.
 * @throws TransportError, SourceError when there is nothing to write
 */
export async function runCollect(command: CollectCommand, terminal: Terminal): Promise<0 | 1> {
  const file = await stat(command.address).catch(() => undefined);
  return file?.isFile() === true
    ? collectPrinted(command, file.mtimeMs, terminal)
    : collectLive(command, terminal);
}

/** The output of the collector in a file; `>` of PowerShell writes it as UTF-16. */
async function collectPrinted(
  command: CollectCommand,
  at: number,
  terminal: Terminal,
): Promise<0 | 1> {
  const store = new FrameStore();
  try {
    const reader = new FrameReader(store);
    const raw = await readFile(command.address);
    await reader.push(decode(raw, command.address).bytes);
    const name = parse(command.address).name;
    return await saved(await reader.end(), name, { at }, command, terminal);
  } finally {
    store.dispose();
  }
}

async function collectLive(command: CollectCommand, terminal: Terminal): Promise<0 | 1> {
  const cancel = new AbortController();
  const interrupted = (): void => cancel.abort(new SourceError('interrupted, nothing was written'));
  process.once('SIGINT', interrupted);
  const store = new FrameStore();
  const live: Live = { command, terminal, store, signal: cancel.signal };
  const at = Date.now();
  try {
    const { name, stream } = /^kube:/i.test(command.address)
      ? await kubeCollection(live)
      : await nodeCollection(live);
    terminal.progress(undefined);
    return await saved(stream, name, { at, endedAt: Date.now() }, command, terminal);
  } finally {
    process.off('SIGINT', interrupted);
    store.dispose();
  }
}

/** A node over SSH or WinRM; beside it the objects of its cluster where they are asked for. */
async function nodeCollection(live: Live): Promise<Collected> {
  const { command } = live;
  const way = await openWay(live);
  try {
    const stream = await nodeStream(way.runner, live);
    const local = /^local$/i.test(command.address) ? hostname() : undefined;
    const host = /^(?:[a-z]+:\/\/)?(?:.*@)?\[?([^\]@]*?)\]?(?::\d+)?\/?$/i.exec(
      command.address,
    )?.[1];
    const name = fileName(local ?? host ?? 'node');
    if (command.withKube === undefined) return { name, stream };
    return { name, stream: await nodeWithCluster(stream, command.withKube, live) };
  } finally {
    await way.close();
  }
}

async function openWay({ command, terminal, signal }: Live): Promise<NodeWay> {
  const local = localWay(command.address);
  if (local !== undefined) return local;
  return /^winrms?:/i.test(command.address)
    ? winrmWay(command, terminal, signal)
    : sshWay(command, terminal, signal);
}

async function sshWay(
  command: CollectCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<NodeWay> {
  const ofOthers = [command.auth, ...command.acceptedCertificates, ...command.authorities];
  if (ofOthers.some((each) => each !== undefined))
    throw new ArgumentError(
      '--auth, --accept-certificate and --ca are for winrm:// and winrms:// only',
    );
  const hops = await hopsOf(command, terminal);
  const knownHosts = await KnownHosts.read(
    [command.knownHosts ?? userSshFile('known_hosts')],
    ownKnownHosts(),
  );
  for (const note of knownHosts.notes) terminal.warn(note);
  return openSsh(hops, {
    knownHosts,
    questions: sshQuestions(command, terminal),
    agent: agentSocket(),
    signal,
    onStage: (text) => terminal.progress(text),
  });
}

async function saved(
  stream: FrameStream,
  name: string,
  { at, endedAt }: { readonly at: number; readonly endedAt?: number },
  command: CollectCommand,
  terminal: Terminal,
): Promise<0 | 1> {
  if (!stream.files.some((file) => file.bytes > 0))
    throw new SourceError(`nothing was collected from ${name}: ${stream.notes.join(' ')}`);
  const failed = troubles(stream.files);
  for (const note of [...stream.notes, ...failed]) terminal.warn(note);
  const node = collectedNode(name, at, stream, endedAt);
  const file = command.output ?? `${name}-${stamp(at)}.zip`;
  await writeBundle(node, file);
  const missing = stream.files.filter((each) => each.state === 'missing').length;
  const nothing = missing === 1 ? '1 section has' : `${missing} sections have`;
  await terminal.write([
    `${file}: ${node.entries.length} files${missing === 0 ? '' : `, ${nothing} nothing on this node`}, ${stream.complete && failed.length === 0 ? 'complete' : 'INCOMPLETE (see collection-report.txt in it)'}\n`,
  ]);
  return stream.complete && failed.length === 0 ? 0 : 1;
}

/** `20240507-093011`, UTC: what archives of collectors carry in their names. */
const stamp = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
