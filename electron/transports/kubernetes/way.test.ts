import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectNode } from '../../collect/collect-node';
import { FrameStore } from '../../collect/frame-store';
import { testConnection } from '../test-connection';
import type { NodeWay } from '../transport';
import { connectKubernetes } from './connect';
import { Kubeconfig } from './kubeconfig';
import type { ApiObject } from './list';
import { PluginConsents } from './plugin-consents';
import { clusterObjects, daemonPod, daemonPodName } from './testing/cluster-fixture';
import type { FakeApiServer } from './testing/fake-api-server';
import type { ExecSettings } from './testing/fake-exec';
import { KubeLab } from './testing/kube-lab';
import { nodeByPod, testedKubernetes } from './way';

const NODE = 'win-1';
const lab = new KubeLab();
const never = new AbortController().signal;
let count = 0;
beforeAll(() => {
  mkdirSync(lab.path('node'));
  for (const name of ['one.txt', 'two.txt', 'three.txt'])
    writeFileSync(lab.path(`node/${name}`), `${name}\n`.repeat(5000));
});
afterAll(() => lab.close());

const clusterOf = (pods: readonly ApiObject[]): Readonly<Record<string, readonly ApiObject[]>> => ({
  ...clusterObjects(new Map(), NODE),
  pods,
});
const usual = (clusterObjects(new Map(), NODE)['pods'] ?? []) as readonly ApiObject[];

async function start(
  exec: Partial<Omit<ExecSettings, 'replay'>> & {
    readonly replay?: Partial<ExecSettings['replay']>;
  } = {},
  pods = usual,
): Promise<FakeApiServer> {
  count += 1;
  const replay = { folder: lab.path('node'), ...exec.replay };
  return lab.api({
    objects: clusterOf(pods),
    exec: { settings: lab.path(`replay-${count}`), ...exec, replay },
  });
}

async function way(api: FakeApiServer, notes: string[] = []): Promise<NodeWay> {
  const config = await Kubeconfig.read([lab.kubeconfig(api.url)]);
  const options = {
    consents: await PluginConsents.read(undefined),
    questions: { allowPlugin: () => Promise.resolve(false) },
    signal: never,
  };
  const connection = await connectKubernetes(config, undefined, options);
  return nodeByPod(connection, NODE, {
    namespaces: [],
    signal: never,
    onNote: (text) => notes.push(text),
  });
}

/** Runs the collector; gives the names of what came. */
async function collected(
  to: NodeWay,
  signal = never,
  onBytes?: () => void,
): Promise<{ files: readonly string[]; notes: readonly string[]; complete: boolean }> {
  const store = new FrameStore();
  try {
    const stream = await collectNode(to.runner, {
      parameters: {},
      store,
      signal,
      events: { onBytes },
    });
    const files = stream.files.filter(({ state }) => state === 'ok').map(({ path }) => path);
    return { files, notes: stream.notes, complete: stream.complete };
  } finally {
    store.dispose();
  }
}
const ALL = { files: ['one.txt', 'three.txt', 'two.txt'], notes: [], complete: true };

describe('commands in a HostProcess pod', () => {
  it('run with standard input that ends, where the server can say so', async () => {
    const api = await start();
    const notes: string[] = [];
    expect(await collected(await way(api, notes))).toEqual(ALL);
    expect(notes).toEqual([
      'The pod kube-system/kube-proxy-windows-x7k2q, container kube-proxy (kube-proxy, DaemonSet kube-proxy-windows), runs as a HostProcess on the node: commands go through it.',
    ]);
    const asked = api.log.filter((each) => each.startsWith('EXEC'));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('stdin=true');
  });

  it('run with their input as an argument, where it cannot', async () => {
    const record = lab.path('record.txt');
    const api = await start({ protocols: ['v4.channel.k8s.io'], replay: { record } });
    expect(await collected(await way(api))).toEqual(ALL);
    const asked = api.log.filter((each) => each.startsWith('EXEC'));
    expect(asked.map((each) => each.includes('stdin=true'))).toEqual([true, false]);
    expect(readFileSync(record, 'utf8')).toContain('$hash -ne');
  });

  it('fall back to plain commands in Constrained Language Mode', async () => {
    for (const protocol of ['v5', 'v4']) {
      const api = await start({
        protocols: [`${protocol}.channel.k8s.io`],
        replay: { constrained: true },
      });
      expect((await collected(await way(api))).notes.join(' ')).toContain('ConstrainedLanguage');
    }
  });

  it('keep what came when the connection breaks', async () => {
    const { files, notes, complete } = await collected(
      await way(await start({ replay: { breakAfter: 2 } })),
    );
    expect({ files, complete }).toEqual({ files: ['one.txt', 'three.txt'], complete: false });
    expect(notes[0]).toMatch(/The connection was lost: the API server ended it \(1006/);
  });

  it('end when cancelled', async () => {
    const cancel = new AbortController();
    const api = await start({ replay: { delay: 60_000 } });
    const running = collected(await way(api), cancel.signal, () =>
      cancel.abort(new Error('enough')),
    );
    await expect(running).rejects.toThrow('enough');
  });

  it('go to another pod where nothing can be started in the first', async () => {
    const notes: string[] = [];
    const api = await start({
      broken: { [daemonPodName('kube-proxy-windows')]: 'container is\nin "pause"' },
    });
    expect(await collected(await way(api, notes))).toEqual(ALL);
    expect(notes[1]).toMatch(
      /could not be started in kube-system\/kube-proxy-windows-x7k2q: container is in "pause". The pod kube-flannel/,
    );
  });

  it('say which right is missing', async () => {
    const api = await start();
    api.forbidden.add('pods/exec');
    await expect(collected(await way(api))).rejects.toThrow(
      /the right to get and create pods\/exec in namespace kube-flannel is missing/,
    );
  });
});

describe('the choice of the pod', () => {
  const daemon = (name: string): ApiObject =>
    daemonPod({ namespace: 'kube-system', name, hostProcess: true }, NODE);
  const changed = (
    object: ApiObject,
    change: (copy: {
      metadata: Record<string, unknown>;
      spec: Record<string, unknown>;
      status: Record<string, unknown>;
    }) => void,
  ): ApiObject => {
    const copy = structuredClone(object) as unknown as Parameters<typeof change>[0];
    change(copy);
    return copy as unknown as ApiObject;
  };
  const refused = async (...pods: readonly ApiObject[]): Promise<string> =>
    way(await start({}, pods)).then(
      () => 'taken',
      (error: unknown) => String(error),
    );

  it('is refused with what was passed over, and none is made', async () => {
    const api = await start({}, [
      daemon('windows-exporter'),
      changed(daemon('kube-proxy-windows'), ({ status }) => (status['phase'] = 'Pending')),
      changed(daemon('csi-proxy'), ({ metadata }) => (metadata['ownerReferences'] = [])),
      daemonPod({ namespace: 'a', name: 'kube-proxy-linux', hostProcess: false }, NODE),
    ]);
    await expect(way(api)).rejects.toThrow(
      /There is no HostProcess pod .* none is made. Passed over: .*windows-exporter\) is not known as.*kube-proxy\) is not running.*csi-proxy-x7k2q is of no DaemonSet\. Use SSH or WinRM/,
    );
    expect(api.log.filter((each) => !each.startsWith('GET'))).toEqual([]);
    expect(await refused()).toMatch(/There is no HostProcess pod/);
  });

  it('takes a container that is HostProcess by itself, of any known plugin', async () => {
    for (const name of ['calico-node-windows', 'csi-azuredisk-node-win', 'antrea-agent-windows']) {
      const pod = changed(daemon(name), ({ spec }) => {
        const own = spec['securityContext'];
        delete spec['securityContext'];
        const [first] = spec['containers'] as object[];
        spec['containers'] = [
          { name: 'helper', image: 'x' },
          { ...first, securityContext: own },
        ];
      });
      expect(await refused(pod)).toBe('taken');
    }
  });

  it('sends hostile names of pods as names, nothing else', async () => {
    const name = `x';calc;'/../../secrets/a%20\`?stdin=false&command=calc`;
    const pod = changed(daemon('kube-proxy-windows'), ({ metadata }) => (metadata['name'] = name));
    const api = await start({}, [pod]);
    expect(await collected(await way(api))).toEqual(ALL);
    const asked = api.log.find((each) => each.startsWith('EXEC')) ?? '';
    const { pathname, searchParams } = new URL(asked.split(' ')[1] ?? '', api.url);
    expect(pathname).toBe(`/api/v1/namespaces/kube-system/pods/${encodeURIComponent(name)}/exec`);
    expect(searchParams.getAll('command')[0]).toBe('powershell.exe');
    expect(searchParams.getAll('command')).not.toContain('calc');
  });
});

describe('testing a context', () => {
  const tested = async (api: FakeApiServer, node?: string, user?: object) => {
    const config = await Kubeconfig.read([
      lab.kubeconfig(api.url, user === undefined ? {} : { user }),
    ]);
    const options = {
      consents: await PluginConsents.read(undefined),
      questions: { allowPlugin: () => Promise.resolve(false) },
    };
    const results = await testConnection(testedKubernetes(config, undefined, node, options), never);
    return results.map(({ stage, outcome, text }) => `${stage} ${outcome}: ${text}`);
  };

  it('goes through the stages, and says what of the cluster may be read', async () => {
    const api = await start();
    api.forbidden.add('events');
    expect(await tested(api)).toEqual([
      'name ok: 127.0.0.1 is an address.',
      `port ok: ${api.url} answers.`,
      'host-key ok: Its certificate is of an authority that is trusted.',
      'authentication ok: It is Kubernetes v1.29.4 and takes the credentials.',
      'rights ok: nodes, pods, services, endpoint slices, DaemonSets can be listed; not allowed: events.',
    ]);
    const wrong = await tested(api, undefined, { token: 'wrong' });
    expect(wrong.slice(1).map((each) => each.split(':')[0])).toEqual([
      'port ok',
      'host-key ok',
      'authentication failed',
      'shell not reached',
      'rights not reached',
    ]);
  });

  it('tries a node through its pod', async () => {
    const results = await tested(await start(), NODE);
    expect(results.join('\n')).toMatch(/shell ok: The pod kube-system.*\nWindows PowerShell 5.1/);
    expect((await tested(await start({}, []), NODE)).join('\n')).toMatch(
      /shell failed: There is no HostProcess pod/,
    );
  });
});
