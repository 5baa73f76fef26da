import { setImmediate as pause } from 'node:timers/promises';
import { ApiFailure } from '../../transports/kubernetes/api-failure';
import type { KubernetesConnection } from '../../transports/kubernetes/connect';
import { readList, type ApiObject } from '../../transports/kubernetes/list';
import { TransportError } from '../../transports/transport';
import type { CollectedFile, FrameEvents, FrameState, FrameStream } from '../frame-reader';
import type { FrameStore } from '../frame-store';
import {
  CLUSTER_KINDS,
  CONFIG_MAPS,
  ENDPOINTS,
  listPath,
  SLICES,
  type ClusterKind,
} from './cluster-kinds';
import { LIST_BYTES, ListFile } from './list-file';

export interface ClusterOptions {
  readonly store: FrameStore;
  readonly signal: AbortSignal;
  /** Only these namespaces, for those who may not read all; empty: all. */
  readonly namespaces: readonly string[];
  readonly events?: FrameEvents | undefined;
  readonly pageSize?: number | undefined;
}

/**
 * Reads the objects of a cluster that checks use, and gives them as files of a bundle. What is not
 * allowed or fails is said of its kind, and the rest goes on. Secrets are never asked for.
 * @throws TransportError when the API server is lost; the signal's reason when cancelled
 */
export async function collectCluster(
  { api, context, version }: KubernetesConnection,
  options: ClusterOptions,
): Promise<FrameStream> {
  const files: CollectedFile[] = [];
  let lost: string | undefined;
  const take = async (
    collect: () => Promise<CollectedFile>,
  ): Promise<CollectedFile | undefined> => {
    if (lost !== undefined) return undefined;
    try {
      const file = await collect();
      files.push(file);
      options.events?.onFile?.(file);
      return file;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof TransportError) || files.length === 0) throw error;
      lost = error.message;
      return undefined;
    }
  };
  const list = (kind: ClusterKind, namespace?: string) =>
    take(() => collectList(api, kind, namespace, options));

  for (const kind of CLUSTER_KINDS) {
    const within = kind.namespaced && options.namespaces.length > 0;
    for (const namespace of within ? options.namespaces : [undefined]) {
      const file = await list(kind, namespace);
      if (kind === SLICES && file !== undefined && file.state !== 'ok' && file.bytes === 0)
        await list(ENDPOINTS, namespace);
    }
  }
  await take(() => collectConfigMaps(api, options));
  // For the report; what goes well has no note of its own.
  const noted = files.find(({ state }) => state === 'ok');
  const said = `Kubernetes ${version}, context ${context}`;
  const notes = lost === undefined ? [] : [`The connection to the API server was lost: ${lost}`];
  const whole = files.every(({ state }) => state === 'ok' || state === 'missing');
  return {
    languageMode: undefined,
    files: files.map((file) => (file === noted ? { ...file, notes: [said] } : file)),
    complete: whole && lost === undefined,
    notes,
  };
}

type Api = KubernetesConnection['api'];

async function collectList(
  api: Api,
  kind: ClusterKind,
  namespace: string | undefined,
  { store, signal, events, pageSize }: ClusterOptions,
): Promise<CollectedFile> {
  const section = namespace === undefined ? kind.resource : `${kind.resource}-${namespace}`;
  events?.onBegin?.(section);
  const started = Date.now();
  let file = new ListFile(store);
  let fits = true;
  const ended = (state: FrameState, notes: readonly string[]): CollectedFile => ({
    section,
    // One file a namespace: the list of one is never taken for the list of all.
    path: `${section}.json`,
    state,
    bytes: state === 'ok' || file.count > 0 ? file.bytes : 0,
    milliseconds: Date.now() - started,
    notes,
    location: file.location,
  });
  try {
    const add = (items: readonly ApiObject[]): void => {
      const before = file.bytes;
      for (const item of items) fits &&= file.add(item);
      events?.onBytes?.(file.bytes - before);
      if (!fits) throw new ApiFailure(0, 'too large', false);
    };
    await readList(api, listPath(kind, namespace), {
      signal,
      ...(pageSize === undefined ? {} : { pageSize }),
      onPage: add,
      onRestart: () => {
        file.close();
        file = new ListFile(store);
      },
    });
    file.finish();
    return ended('ok', []);
  } catch (error) {
    file.close();
    if (!fits) return ended('truncated', [`cut at ${LIST_BYTES >> 20} MiB`]);
    if (!(error instanceof ApiFailure)) throw error;
    if (error.status === 404) return ended('missing', [`the API server has no ${kind.resource}`]);
    const notes = [failureText(error, kind, namespace)];
    return ended(file.count > 0 ? 'cut off' : 'error', notes);
  } finally {
    await pause();
  }
}

/** Why a kind could not be read, and which right is missing. */
function failureText(error: ApiFailure, kind: ClusterKind, namespace: string | undefined): string {
  if (error.status !== 403) return error.message;
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  const group = kind.group === '' ? 'core' : kind.group;
  return `not allowed: the right to list ${kind.resource} (API group ${group}) ${where} is missing (${error.message})`;
}

async function collectConfigMaps(
  api: Api,
  { store, signal, events, namespaces }: ClusterOptions,
): Promise<CollectedFile> {
  events?.onBegin?.('configmaps');
  const started = Date.now();
  const file = new ListFile(store);
  const forbidden: string[] = [];
  const notes: string[] = [];
  try {
    for (const [namespace, name] of CONFIG_MAPS) {
      if (namespaces.length > 0 && !namespaces.includes(namespace)) continue;
      const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
      try {
        const object = (await api.json(path, {}, signal)) as ApiObject;
        file.add({ ...object, apiVersion: 'v1', kind: 'ConfigMap' });
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        if (error.status === 403) forbidden.push(`${namespace}/${name}`);
        else if (error.status !== 404) notes.push(`${namespace}/${name}: ${error.message}`);
      }
    }
  } finally {
    file.finish();
  }
  if (forbidden.length > 0)
    notes.push(
      `not allowed: the right to get these config maps is missing: ${forbidden.join(', ')}`,
    );
  const state = notes.length > 0 ? 'error' : file.count === 0 ? 'missing' : 'ok';
  const bytes = file.count === 0 ? 0 : file.bytes;
  events?.onBytes?.(bytes);
  return {
    section: 'configmaps',
    path: 'configmaps.json',
    state,
    bytes,
    milliseconds: Date.now() - started,
    notes: state === 'missing' ? ['none of those of kube-proxy and known network plugins'] : notes,
    location: file.location,
  };
}
