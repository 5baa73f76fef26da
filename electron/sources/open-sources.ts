import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { archiveBaseName, archiveByContent, archiveKind } from './archive-kind';
import {
  bundleRoots,
  looksLikeBundle,
  nameAndStamp,
  partsByRoot,
  snapshotsByPrefix,
} from './bundle-roots';
import { diskEntry, listFolder } from './folder';
import { Budget } from './guards';
import { below, type Listing } from './listing';
import { fileBytes, memoryBytes, type RandomBytes } from './random-bytes';
import {
  reasonOf,
  SourceError,
  type OpenedSources,
  type Rejection,
  type SourceEntry,
  type SourceKind,
  type SourceNode,
  type SourceOptions,
} from './source';
import { listGzip, listTar } from './tar';
import { listZip } from './zip';

/** A node before it is known what was opened to find it. */
type FoundNode = Omit<SourceNode, 'opened'>;

interface Opened {
  readonly nodes: readonly FoundNode[];
  readonly closers: readonly (() => Promise<void>)[];
  /** The path is a folder, not a file in one. */
  readonly folder?: boolean;
}

/**
 * Opens folders, archives (.zip, .tar, .tar.gz) and single files, and says which files make up which
 * node. A folder or archive of several collections gives several nodes; what lies beside them is
 * evidence of the cluster. Nothing is written to disk.
 * @throws SourceError when a path cannot be opened at all; the signal's reason when cancelled.
 */
export async function openSources(
  paths: readonly string[],
  options: SourceOptions = {},
): Promise<OpenedSources> {
  const budget = new Budget(options);
  const nodes: SourceNode[] = [];
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.splice(0).map((each) => each()));
  };
  try {
    for (const path of paths) {
      const opened = await openPath(path, budget, options.signal);
      const around = basename(opened.folder ? resolve(path) : dirname(resolve(path)));
      nodes.push(...opened.nodes.map((node) => ({ ...node, opened: around })));
      closers.push(...opened.closers);
    }
    return { nodes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPath(
  path: string,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const fail = (error: unknown): never => {
    signal?.throwIfAborted();
    throw error instanceof SourceError
      ? error
      : new SourceError(`${path} ${reasonOf(error)}`, { cause: error });
  };
  const found = await stat(path).catch(fail);
  const name = basename(resolve(path));
  if (found.isDirectory()) return openFolder(path, name, budget, signal);
  if (!found.isFile()) throw new SourceError(`${path} is neither a file nor a folder`);
  const bytes = await fileBytes(path, true).catch(fail);
  try {
    const archive = await listArchive(bytes, path, name, budget, signal);
    if (archive !== undefined) return archiveNodes(name, archive.kind, archive.listing);
  } catch (error) {
    await bytes.close();
    return fail(error);
  }
  await bytes.close();
  budget.step(name);
  const admission = await budget.admit(name, found.size);
  const entry: SourceEntry = {
    ...diskEntry(name, resolve(path), found.size, found.mtimeMs, true),
    kind: 'file',
  };
  const rejected =
    admission === 'yes'
      ? []
      : [{ path: name, reason: 'stop' in admission ? admission.stop : admission.reason }];
  const entries = admission === 'yes' ? [entry] : [];
  return {
    nodes: [{ name, kind: 'file', scope: 'node', stamp: undefined, entries, rejected }],
    closers: [],
  };
}

/** Lists an archive told by its content; undefined for any other file. */
async function listArchive(
  bytes: RandomBytes,
  file: string | Uint8Array,
  name: string,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<{ readonly kind: SourceKind; readonly listing: Listing } | undefined> {
  const kind =
    archiveByContent(await bytes.slice(0, 512)) ??
    (/\.zip$/i.test(name) && bytes.size > 0 ? 'zip' : undefined);
  switch (kind) {
    case 'zip':
      return { kind, listing: await listZip(bytes, file, name, budget) };
    case 'gzip':
      return listGzip(bytes, name, budget, signal);
    case 'tar':
      return {
        kind,
        listing: await listTar(bytes.chunks(0, bytes.size, signal), budget, signal, () =>
          bytes.close(),
        ),
      };
    default:
      return undefined;
  }
}

/** Nodes of an archive opened by itself: paths are `archive!/inner`. A gzipped single file is that file. */
function archiveNodes(name: string, kind: SourceKind, listing: Listing): Opened {
  const named = nameAndStamp(archiveBaseName(name));
  if (kind === 'file')
    return {
      nodes: [
        {
          ...named,
          name,
          kind,
          scope: 'node',
          entries: listing.entries,
          rejected: listing.rejected,
        },
      ],
      closers: [listing.close],
    };
  return { nodes: split(listing, named, kind, `${name}!/`), closers: [() => listing.close()] };
}

/** Shares a listing out over nodes and their snapshots; `prefix` goes before every path. */
function split(
  listing: Listing,
  named: { readonly name: string; readonly stamp: number | undefined },
  kind: SourceKind,
  prefix: string,
): FoundNode[] {
  const roots = bundleRoots(listing.entries.map((entry) => entry.path));
  const nodes = partsByRoot(listing.entries, (entry) => entry.path, roots).flatMap(
    (part): FoundNode[] => {
      const nodeName =
        part.root === undefined || part.root === '' ? named : nameAndStamp(basename(part.root));
      return snapshotsByPrefix(part.items).map((snapshot) => ({
        name: nodeName.name,
        kind,
        scope: part.root === undefined ? 'cluster' : 'node',
        stamp: snapshot.stamp ?? nodeName.stamp,
        entries: snapshot.entries.map((entry) => ({ ...entry, path: prefix + entry.path })),
        rejected: [],
      }));
    },
  );
  const rejected: Rejection[] = listing.rejected.map((each) => ({
    path: each.path === '' ? prefix.replace(/!\/$/, '') : prefix + each.path,
    reason: each.reason,
  }));
  const [first, ...others] = nodes;
  return first === undefined
    ? [{ ...named, kind, scope: 'node', entries: [], rejected }]
    : [{ ...first, rejected }, ...others];
}

/**
 * A folder: its own collection or those in its sub-folders, and archives that are collections
 * themselves, unless the folder that holds them is one already (then they are attachments of it).
 */
async function openFolder(
  path: string,
  name: string,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  const listing = await listFolder(path, budget);
  const roots = bundleRoots(listing.entries.map((entry) => entry.path));
  const inRoot = (file: string): boolean =>
    roots.some((root) => root === '' || file.startsWith(`${root}/`));
  const nodes: FoundNode[] = [];
  const closers: (() => Promise<void>)[] = [];
  const taken = new Set<SourceEntry>();
  const rejected = [...listing.rejected];
  for (const entry of listing.entries) {
    if (entry.kind !== 'nested-archive' || inRoot(entry.path)) continue;
    const opened = await bundleArchive(
      resolve(path, entry.path),
      entry.path,
      budget,
      signal,
      rejected,
    );
    if (opened === undefined) continue;
    taken.add(entry);
    nodes.push(...opened.nodes);
    closers.push(...opened.closers);
  }
  const rest: Listing = {
    ...listing,
    entries: listing.entries.filter((entry) => !taken.has(entry)),
    rejected,
  };
  const own = split(rest, nameAndStamp(name), 'folder', '');
  const beside = taken.size > 0 && roots.length === 0;
  // Files beside archives of nodes tell of the cluster; an empty remainder is no node.
  const scoped = own.map((node): FoundNode => (beside ? { ...node, scope: 'cluster' } : node));
  nodes.unshift(
    ...scoped.filter(
      (node) => nodes.length === 0 || node.entries.length > 0 || node.rejected.length > 0,
    ),
  );
  return { nodes, closers, folder: true };
}

async function bundleArchive(
  file: string,
  path: string,
  budget: Budget,
  signal: AbortSignal | undefined,
  rejected: Rejection[],
): Promise<Opened | undefined> {
  let bytes: RandomBytes | undefined;
  try {
    bytes = await fileBytes(file);
    const archive = await listArchive(bytes, file, path, budget, signal);
    if (
      archive !== undefined &&
      looksLikeBundle(archive.listing.entries.map((entry) => entry.path))
    ) {
      const named = nameAndStamp(archiveBaseName(basename(path)));
      return {
        nodes: split(archive.listing, named, archive.kind, `${path}!/`),
        closers: [() => archive.listing.close()],
      };
    }
  } catch (error) {
    signal?.throwIfAborted();
    rejected.push({ path, reason: reasonOf(error) });
  }
  await bytes?.close();
  return undefined;
}

/**
 * Opens an archive that lies in a source, one level deep: archives inside it stay closed.
 * @throws SourceError when it is no archive or cannot be read.
 */
export async function openNestedArchive(
  entry: SourceEntry,
  options: SourceOptions = {},
): Promise<SourceNode> {
  if (entry.path.split('!/').filter((part) => archiveKind(part) !== undefined).length > 2) {
    throw new SourceError(`${entry.path} lies two archives deep; take it out first`);
  }
  const budget = new Budget(options);
  const admission = await budget.admit(entry.path, entry.size);
  if (admission !== 'yes')
    throw new SourceError(
      `${entry.path}: ${'stop' in admission ? admission.stop : admission.reason}`,
    );
  const data = await entry.read({ signal: options.signal });
  const name = basename(entry.path);
  const archive = await listArchive(
    memoryBytes(data, entry.modifiedAt),
    data,
    name,
    new Budget(options),
    options.signal,
  );
  if (archive === undefined)
    throw new SourceError(`${entry.path} is not an archive that can be opened`);
  const listing = below(`${entry.path}!/`, archive.listing);
  return {
    ...nameAndStamp(archiveBaseName(name)),
    kind: archive.kind,
    opened: '',
    scope: 'node',
    entries: listing.entries,
    rejected: listing.rejected,
  };
}

/** Text that was pasted, as a source of one file. A selection often lacks the last line end: that is no cut. */
export function pastedSource(name: string, text: string, modifiedAt: number): SourceNode {
  const data = new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`);
  const entry: SourceEntry = {
    path: name,
    size: data.length,
    modifiedAt,
    kind: 'file',
    read: () => Promise.resolve(data),
  };
  return {
    name,
    kind: 'pasted',
    opened: '',
    scope: 'node',
    stamp: undefined,
    entries: [entry],
    rejected: [],
  };
}
