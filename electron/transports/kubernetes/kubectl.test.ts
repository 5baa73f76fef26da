import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiObject } from './list';
import { clusterObjects, daemonPodName } from './testing/cluster-fixture';
import type { FakeApiServer } from './testing/fake-api-server';
import { KubeLab } from './testing/kube-lab';
import { scenario } from '../../../shared/synthetic/scenarios';

/*
 * The fake API server is right when a client that others wrote gets along with it. kubectl is
 * installed by the set-up of the tests where there is none.
 */

const NODE = 'win-9p1xz4ct8rb';
const lab = new KubeLab();
let api: FakeApiServer;
let config = '';
beforeAll(async () => {
  mkdirSync(lab.path('node'));
  writeFileSync(lab.path('node/one.txt'), 'one\n');
  api = await lab.api({
    objects: clusterObjects(scenario('healthy-overlay').bundle(), NODE),
    exec: { replay: { folder: lab.path('node') }, settings: lab.path('replay.json') },
  });
  config = lab.kubeconfig(api.url);
});
afterAll(() => lab.close());

// Websockets for exec are the default since 1.31, and there to be asked for since 1.29.
const env = {
  ...process.env,
  HOME: lab.folder,
  KUBECONFIG: '',
  KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true',
};
interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** kubectl must not block this process, in which the server runs. */
function kubectl(args: readonly string[], input?: string, file = config): Promise<Ran> {
  const child = spawn('kubectl', ['--kubeconfig', file, ...args], { env, stdio: 'pipe' });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** Minor version of kubectl. */
function minorVersion(): number {
  const { stdout } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], {
    encoding: 'utf8',
    env,
  });
  const told = JSON.parse(stdout) as { clientVersion: { minor: string } };
  return Number.parseInt(told.clientVersion.minor, 10);
}

describe('kubectl against the fake API server', () => {
  it('finds its version', async () => {
    expect((await kubectl(['version', '-o', 'json'])).out).toContain('v1.29.4');
  });

  it.each(['nodes', 'pods', 'services', 'endpointslices', 'events', 'daemonsets', 'configmaps'])(
    'reads the objects: get %s',
    async (resource) => {
      const { code, out } = await kubectl(['get', resource, '-A', '-o', 'json', '--chunk-size=3']);
      expect(code).toBe(0);
      const { items } = JSON.parse(out, (key, value: unknown) =>
        key === 'managedFields' || key === 'selfLink' ? undefined : value,
      ) as { items: readonly ApiObject[] };
      expect(items).toEqual(api.objects[resource]);
    },
  );

  it('reads lists page by page, and tables', async () => {
    api.log.length = 0;
    const { out } = await kubectl(['get', 'pods', '-A', '--chunk-size=2']);
    expect(out).toContain(daemonPodName('kube-proxy-windows'));
    const pages = api.log.filter((each) => /\/pods\?.*limit=2/.test(each));
    expect(pages.length).toBe(Math.ceil((api.objects['pods']?.length ?? 0) / 2));
  });

  it('reads one object, and hears of one that is not there', async () => {
    const found = await kubectl([
      '-n',
      'kube-flannel',
      'get',
      'configmap',
      'kube-flannel-cfg',
      '-o',
      'name',
    ]);
    expect(found.out).toBe('configmap/kube-flannel-cfg\n');
    const absent = await kubectl(['get', 'node', 'nowhere']);
    expect(absent.code).toBe(1);
    expect(absent.err).toContain('Error from server (NotFound): nodes "nowhere" not found');
  });

  it('watches: get pods -w', async () => {
    const child = spawn('kubectl', ['--kubeconfig', config, 'get', 'pods', '-w', '-o', 'name'], {
      env,
    });
    let out = '';
    const until = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!out.includes(text)) return;
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
      });
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    while (api.watches === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const came = until('pod/newcomer');
    api.put('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'newcomer', namespace: 'default' },
      spec: { containers: [] },
    });
    await came;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  });

  it('is refused: wrong token, no right, an authority it does not trust', async () => {
    const wrong = await kubectl(
      ['get', 'nodes'],
      '',
      lab.kubeconfig(api.url, { user: { token: 'wrong' } }),
    );
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/Unauthorized|logged in/)]);
    api.forbidden.add('services');
    const forbidden = await kubectl(['get', 'services', '-A']);
    api.forbidden.clear();
    expect(forbidden.err).toMatch(
      /Error from server \(Forbidden\): services is forbidden: User "operator"/,
    );
    const other = Buffer.from(lab.client.cert).toString('base64');
    const stranger = lab.kubeconfig(api.url, { cluster: { 'certificate-authority-data': other } });
    expect((await kubectl(['get', 'nodes'], '', stranger)).err).toMatch(/x509|certificate/);
  });

  it('signs in with a client certificate', async () => {
    const { keyFile, certFile } = lab.client;
    const user = { 'client-certificate': certFile, 'client-key': keyFile };
    const { out } = await kubectl(
      ['get', 'nodes', '-o', 'name'],
      '',
      lab.kubeconfig(api.url, { user }),
    );
    expect(out).toContain(`node/${NODE}`);
  });

  it('runs commands over websockets from 1.29 on; before, it only speaks SPDY and is refused', async () => {
    const pod = daemonPodName('kube-proxy-windows');
    const exec = ['-n', 'kube-system', 'exec', '-i', pod, '--'];
    const ran = await kubectl([...exec, 'cat;', 'echo', 'problem', '>&2;', 'exit', '7'], 'typed\n');
    if (minorVersion() < 29) {
      expect(ran.code).toBe(1);
      return;
    }
    expect(ran.out).toBe('typed\n');
    expect(ran.err).toMatch(/^problem$/m);
    expect(ran.code).toBe(7);
    api.forbidden.add('pods/exec');
    expect((await kubectl([...exec, 'true'])).err).toContain('cannot create resource "pods/exec"');
    api.forbidden.clear();
  });
});

describe("the Kubernetes client's own exec against the fake API server", () => {
  it('sends standard input with its end, and reads output and exit code', async () => {
    const { Exec, KubeConfig } = await import('@kubernetes/client-node');
    const client = new KubeConfig();
    client.loadFromFile(config);
    const out = new PassThrough();
    const errors = new PassThrough();
    const status = new Promise<V1Status>((resolve, reject) => {
      new Exec(client)
        .exec(
          'kube-system',
          daemonPodName('kube-proxy-windows'),
          'kube-proxy',
          ['cat;', 'echo', 'problem', '>&2;', 'exit', '7'],
          out,
          errors,
          Readable.from([Buffer.from('typed\n')]),
          false,
          resolve,
        )
        .catch(reject);
    });
    const { status: state, details } = await status;
    expect([state, details?.causes?.[0]]).toEqual([
      'Failure',
      { reason: 'ExitCode', message: '7' },
    ]);
    expect([await text(out), await text(errors)]).toEqual(['typed\n', 'problem\n']);
  });
});
