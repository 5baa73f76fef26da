import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../shared/synthetic/scenarios';
import { clusterObjects } from '../electron/transports/kubernetes/testing/cluster-fixture';
import { KubeLab } from '../electron/transports/kubernetes/testing/kube-lab';
import { SshLab, type FakeNode } from '../electron/transports/testing/openssh';
import { FAKE_ACCOUNT, FakeWinrm } from '../electron/transports/winrm/testing/fake-winrm';
import { gssPeer } from '../electron/transports/winrm/testing/gss-peer';
import { hasKerberos, Kdc } from '../electron/transports/winrm/testing/kdc';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const lab = new SshLab();
let node: FakeNode;
let key = '';
beforeAll(async () => {
  mkdirSync(lab.path('home'));
  key = lab.key('key', 'ed25519');
  node = await lab.node({ folder: file('assets/samples/broken-dns-overlay') });
});
afterAll(() => lab.close());

/** Runs the built command line. */
function cli(
  runtime: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  secret?: number,
): Promise<{ code: number | null; err: string }> {
  const child = spawn(runtime, [file('dist/cli/cli.js'), ...args], {
    env: { ...process.env, ...env, HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home') },
    stdio: ['ignore', 'ignore', 'pipe', secret ?? 'ignore'],
  });
  let err = '';
  child.stderr?.on('data', (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, err }));
  });
}

/** script(1) of util-linux gives a program a terminal. */
const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script');

/** Runs the built command line on a terminal of its own, with `answers` typed as soon as it asks. Gives what is seen there. */
function onTerminal(args: readonly string[], answers: readonly string[]): Promise<string> {
  const command = [process.execPath, file('dist/cli/cli.js'), ...args];
  const child = spawn(
    'script',
    ['-qefc', command.map((each) => `'${each}'`).join(' '), '/dev/null'],
    {
      env: {
        ...process.env,
        ...{ HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home'), SSH_AUTH_SOCK: '' },
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const left = [...answers];
  let seen = '';
  child.stdout.on('data', (bytes: Buffer) => {
    seen += bytes.toString();
    if (seen.endsWith(': ')) child.stdin.write(`${left.shift() ?? ''}\n`);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(seen));
  });
}

/** Their crypto differs: OpenSSL in one, BoringSSL in the other. */
const RUNTIMES = [
  ['Node', process.execPath, {}],
  ["Electron's Node", process.env['ELECTRON_EXECUTABLE'] ?? '', { ELECTRON_RUN_AS_NODE: '1' }],
] as const;

describe('the built command line collects over SSH', () => {
  it.each(RUNTIMES)('under %s', async (name, runtime, env) => {
    const output = lab.path(`${name.length}.zip`);
    const address = `ssh://${node.user}@127.0.0.1:${node.port}`;
    const trust = ['--ssh-config', 'none', '--accept-new-host-key', node.fingerprint];
    const ran = await cli(runtime, env, ['collect', address, '-i', key, '-o', output, ...trust]);
    expect(ran).toEqual({ code: 0, err: '' });
    expect(statSync(output).size).toBeGreaterThan(10_000);
    const checked = await cli(runtime, env, ['analyze', output]);
    expect(checked.code).toBe(1);
  });
});

describe.runIf(hasTerminal)('on a terminal', () => {
  it('a host is trusted by yes, and a passphrase is not shown, however soon it is typed', async () => {
    const passphrase = 'seen-by-nobody';
    const guarded = lab.key('guarded', 'ed25519', passphrase);
    const unknown = await lab.node({ folder: file('assets/samples/broken-dns-overlay') });
    const address = `ssh://${unknown.user}@127.0.0.1:${unknown.port}`;
    const output = lab.path('terminal.zip');
    const args = ['collect', address, '-i', guarded, '-o', output, '--ssh-config', 'none'];
    const seen = await onTerminal(args, ['yes', passphrase]);
    expect(seen).toContain(unknown.fingerprint);
    expect(seen).toMatch(/Passphrase of .*guarded/);
    expect(seen).toMatch(/terminal\.zip: \d+ files/);
    expect(seen).not.toContain(passphrase);
  });
});

describe('the built command line collects over WinRM', () => {
  const replay = { folder: file('assets/samples/broken-dns-overlay') };
  const settings = lab.path('winrm.json');
  const cert = lab.path('cert.pem');
  const certKey = lab.path('cert.key');
  beforeAll(() => {
    writeFileSync(lab.path('password'), FAKE_ACCOUNT.password);
    const files = ['-keyout', certKey, '-out', cert, '-subj', '/CN=node1', '-days', '3'];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files]);
    expect(made.status).toBe(0);
  });

  it.each(RUNTIMES)('sealed on HTTP, and on HTTPS, under %s', async (name, runtime, env) => {
    for (const scheme of ['winrm', 'winrms']) {
      const certificate = {
        cert: readFileSync(cert, 'utf8'),
        key: readFileSync(certKey, 'utf8'),
      };
      const winrm = await FakeWinrm.start({
        replay,
        settings,
        ...(scheme === 'winrms' ? { certificate } : {}),
      });
      const output = lab.path(`${scheme}-${name.length}.zip`);
      const trust = scheme === 'winrms' ? ['--accept-certificate', winrm.fingerprint] : [];
      const address = `${scheme}://${FAKE_ACCOUNT.user}@127.0.0.1:${winrm.port}`;
      const secret = openSync(lab.path('password'), 'r');
      const args = ['collect', address, '-o', output, '--password-fd', '3', ...trust];
      const ran = await cli(runtime, env, args, secret);
      closeSync(secret);
      await winrm.stop();
      expect(ran).toEqual({ code: 0, err: '' });
      expect(statSync(output).size).toBeGreaterThan(10_000);
    }
  });
});

describe.runIf(hasKerberos())('the built command line signs in with Kerberos', () => {
  const kdc = new Kdc();
  beforeAll(() => kdc.start());
  afterAll(() => kdc.stop());

  it.each(RUNTIMES)('under %s', async (name, runtime, env) => {
    const [cert, certKey] = [kdc.path('cert.pem'), kdc.path('key.pem')];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3'];
    spawnSync('openssl', [...kind, '-keyout', certKey, '-out', cert, ...names]);
    const settings = kdc.path('peer.json');
    writeFileSync(settings, JSON.stringify({ folder: file('assets/samples/broken-dns-overlay') }));
    const peer = await gssPeer(settings, { KRB5_KTNAME: kdc.keytab }, cert, certKey);
    const output = lab.path(`kerberos-${name.length}.zip`);
    const args = ['--auth', 'kerberos', '--ca', cert, '-o', output];
    const ran = await cli(runtime, { ...env, ...kdc.env('tickets') }, [
      'collect',
      `winrms://localhost:${peer.port}`,
      ...args,
    ]);
    peer.child.kill();
    expect(ran).toEqual({ code: 0, err: '' });
    expect(statSync(output).size).toBeGreaterThan(10_000);
  });
});

describe('the built command line collects through Kubernetes', () => {
  const kube = new KubeLab();
  afterAll(() => kube.close());

  it.each(RUNTIMES)('the cluster and a node, under %s', async (name, runtime, env) => {
    const folder = file('assets/samples/broken-dns-overlay');
    const objects = clusterObjects(scenario('broken-dns-overlay').bundle(), 'win-9p1xz4ct8rb');
    const exec = { replay: { folder }, settings: kube.path('replay.json') };
    const api = await kube.api({ objects, exec });
    const config = kube.kubeconfig(api.url);
    const output = kube.path(`${name.length}.zip`);
    const args = ['--kubeconfig', config, '-o', output];
    const ran = await cli(runtime, env, ['collect', 'kube://lab/win-9p1xz4ct8rb', ...args]);
    // Of the sample's own kubectl files, those of the API server's names are refused.
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('kube-proxy-windows-x7k2q');
    expect(ran.err).toContain('pods.json: the API server gave this file');
    expect(statSync(output).size).toBeGreaterThan(10_000);
    expect((await cli(runtime, env, ['analyze', output])).code).toBe(1);
    await api.stop();
  });
});
