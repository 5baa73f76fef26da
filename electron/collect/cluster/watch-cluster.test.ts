import { afterAll, describe, expect, it } from 'vitest';
import { FrameStore } from '../frame-store';
import { connectKubernetes } from '../../transports/kubernetes/connect';
import { Kubeconfig } from '../../transports/kubernetes/kubeconfig';
import type { ApiObject } from '../../transports/kubernetes/list';
import { PluginConsents } from '../../transports/kubernetes/plugin-consents';
import type { FakeApiServer } from '../../transports/kubernetes/testing/fake-api-server';
import { KubeLab } from '../../transports/kubernetes/testing/kube-lab';
import { collectCluster } from './collect-cluster';
import { watchCluster } from './watch-cluster';
import { readFile } from 'node:fs/promises';

const lab = new KubeLab();
afterAll(() => lab.close());

const pod = (name: string, node = 'win-1'): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { nodeName: node, containers: [] },
});

/** A watch with what it has told so far. */
class Watched {
  readonly files = new Map<string, string>();
  readonly notes: string[] = [];
  readonly told: string[][] = [];
  readonly cancel = new AbortController();
  done: Promise<string> = Promise.resolve('');
  #heard: () => void = () => undefined;

  static async of(api: FakeApiServer, limitBytes?: number): Promise<Watched> {
    const watched = new Watched();
    const { signal } = watched.cancel;
    const config = await Kubeconfig.read([lab.kubeconfig(api.url)]);
    const connection = await connectKubernetes(config, undefined, {
      consents: await PluginConsents.read(undefined),
      questions: { allowPlugin: () => Promise.resolve(false) },
      signal,
    });
    watched.done = watchCluster(connection, {
      signal,
      namespaces: [],
      quietMilliseconds: 20,
      firstWaitMilliseconds: 10,
      limitBytes,
      onNote: (text) => {
        watched.notes.push(text);
        watched.#heard();
      },
      onFiles: async (files) => {
        watched.told.push(files.map(({ path }) => path));
        for (const file of files)
          watched.files.set(file.path, Buffer.from(await file.read()).toString());
        watched.#heard();
      },
    }).then(
      () => 'ended',
      (error: unknown) => String(error),
    );
    return watched;
  }

  names(file = 'pods.json'): readonly string[] {
    const { items } = JSON.parse(this.files.get(file) ?? '{"items":[]}') as {
      items: { metadata: { name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name);
  }

  /** Waits until this holds; checked whenever something was told. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#heard = resolve));
  }
}

describe('watching a cluster', () => {
  it('gives the files as they are collected, and again when they have changed', async () => {
    const api = await lab.api({ objects: { pods: [pod('a'), pod('b')], nodes: [] } });
    const watched = await Watched.of(api);
    await watched.until(() => watched.files.size === 6);
    const store = new FrameStore();
    const config = await Kubeconfig.read([lab.kubeconfig(api.url)]);
    const connection = await connectKubernetes(config, undefined, {
      consents: await PluginConsents.read(undefined),
      questions: { allowPlugin: () => Promise.resolve(false) },
      signal: watched.cancel.signal,
    });
    const { files } = await collectCluster(connection, {
      store,
      signal: watched.cancel.signal,
      namespaces: [],
    });
    for (const { path, location, state } of files)
      if (state === 'ok')
        expect(await readFile(location, 'utf8'), path).toBe(watched.files.get(path));
    store.dispose();

    watched.told.length = 0;
    api.put('pods', pod('c'));
    api.put('pods', pod('a', 'win-2'));
    api.remove('pods', pod('b'));
    await watched.until(() => watched.names().join() === 'a,c');
    expect(watched.files.get('pods.json')).toContain('win-2');
    expect(watched.told.flat().every((path) => path === 'pods.json')).toBe(true);
    watched.cancel.abort(new Error('closed'));
    expect(await watched.done).toBe('Error: closed');
  });

  it('goes on from where it was when the server ends a watch, and anew when it has forgotten', async () => {
    const api = await lab.api({ objects: { pods: [pod('a')] } });
    const watched = await Watched.of(api);
    await watched.until(() => watched.files.has('pods.json'));
    const lists = (): number => api.log.filter((each) => /\/pods\?limit/.test(each)).length;
    await opened(api);
    api.endWatches();
    await opened(api);
    api.put('pods', pod('b'));
    await watched.until(() => watched.names().length === 2);
    expect(lists()).toBe(1);
    api.compact();
    await opened(api);
    api.put('pods', pod('c'));
    await watched.until(() => watched.names().length === 3);
    expect(lists()).toBe(2);
    expect(watched.notes).toEqual([]);
    watched.cancel.abort(new Error('closed'));
    await watched.done;
  });

  it('says that the server is lost, once, and that it is there again', async () => {
    const api = await lab.api({ objects: { pods: [pod('a')] } });
    const watched = await Watched.of(api);
    await watched.until(() => watched.files.has('pods.json'));
    await opened(api);
    for (let i = 0; i < 6; i += 1) api.refuseOnce('pods', 500);
    api.breakConnections();
    await watched.until(() => watched.notes.some((note) => note.includes('answers again')));
    expect(watched.notes.filter((note) => note.includes('is lost'))).toHaveLength(1);
    api.put('pods', pod('b'));
    await watched.until(() => watched.names().length === 2);
    watched.cancel.abort(new Error('closed'));
    await watched.done;
  });

  it('goes on with the others when a kind is not allowed or too large', async () => {
    const many = Array.from({ length: 50 }, (_, i) => pod(`pod-${i}`));
    const api = await lab.api({ objects: { pods: many, services: [pod('web')] } });
    api.forbidden.add('events');
    const watched = await Watched.of(api, 5000);
    await watched.until(() => watched.notes.length === 2 && watched.files.has('services.json'));
    expect(watched.notes.sort()).toEqual([
      expect.stringMatching(/^events cannot be watched: events is forbidden/),
      'pods: too many objects to watch; collect again to see what has changed',
    ]);
    expect(watched.files.has('pods.json')).toBe(false);
    watched.cancel.abort(new Error('closed'));
    await watched.done;
    await closed(api);
  });
});

/** All kinds are being watched. */
async function opened(api: FakeApiServer): Promise<void> {
  while (api.watches < 6) await new Promise((resolve) => setTimeout(resolve, 5));
}
/** Cancelled watches are gone on the server too. */
async function closed(api: FakeApiServer): Promise<void> {
  while (api.watches > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
