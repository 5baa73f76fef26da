import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { objections } from '../collect/testing/read-only';
import { encodedCommand } from './encoded-command';
import { RIGHTS_PROBE } from './rights';
import type { SshHop, SshQuestions } from './ssh/connect';
import { KnownHosts } from './ssh/known-hosts';
import { testedSsh } from './ssh/way';
import { testConnection, type StageResult, type TestedWay } from './test-connection';
import { SshLab, type FakeNode, type Replay } from './testing/openssh';
import { TransportError } from './transport';
import { PinnedCertificates } from './winrm/certificate';
import { FAKE_ACCOUNT, FakeWinrm, type FakeWinrmOptions } from './winrm/testing/fake-winrm';
import { testedWinrm } from './winrm/way';

const lab = new SshLab();
let key = '';
const fakes: FakeWinrm[] = [];
beforeAll(() => {
  key = lab.key('plain', 'ed25519');
});
afterEach(() => Promise.all(fakes.splice(0).map((each) => each.stop())));
afterAll(() => lab.close());

const never = new AbortController().signal;
const outcomes = (results: readonly StageResult[]): readonly string[] =>
  results.map(({ stage, outcome }) => `${stage}: ${outcome}`);
const textOf = (results: readonly StageResult[], stage: string): string =>
  results.find((each) => each.stage === stage)?.text ?? '';

const hopTo = (node: FakeNode, more: Partial<SshHop> = {}): SshHop => ({
  host: '127.0.0.1',
  port: node.port,
  user: node.user,
  identityFiles: [key],
  ...more,
});

async function overSsh(
  hops: readonly SshHop[],
  more: Partial<SshQuestions> = {},
): Promise<TestedWay> {
  const questions: SshQuestions = {
    trustHost: () => Promise.resolve(true),
    password: () => Promise.resolve(undefined),
    passphrase: () => Promise.resolve(undefined),
    answer: () => Promise.resolve(undefined),
    ...more,
  };
  const knownHosts = await KnownHosts.read([], undefined);
  return testedSsh(hops, { knownHosts, questions, agent: undefined });
}

async function winrm(replay: Partial<Replay> = {}, more: Partial<FakeWinrmOptions> = {}) {
  const settings = lab.path(`winrm-${fakes.length}.json`);
  const fake = await FakeWinrm.start({
    replay: { folder: lab.folder, ...replay },
    settings,
    ...more,
  });
  fakes.push(fake);
  return fake;
}

async function overWinrm(port: number, password = FAKE_ACCOUNT.password, tls = false) {
  return testedWinrm(
    { host: 'localhost', port, tls },
    {
      user: FAKE_ACCOUNT.user,
      pins: await PinnedCertificates.read(undefined),
      authorities: [],
      questions: {
        trustCertificate: () => Promise.resolve(false),
        password: () => Promise.resolve(password),
      },
    },
  );
}

const ALL_OK = ['name', 'port', 'host-key', 'authentication', 'shell', 'rights'].map(
  (stage) => `${stage}: ok`,
);

describe('the question what an account may do', () => {
  it('is valid PowerShell that looks only, and short enough for cmd.exe', async () => {
    const found = await objections(RIGHTS_PROBE);
    expect(
      found.every((each) => /command not on the list: whoami\.exe( \/groups)?/.test(each)),
    ).toBe(true);
    expect(found).toHaveLength(2);
    expect(encodedCommand(RIGHTS_PROBE).length).toBeLessThan(8191);
  });
});

describe('a test of a connection over SSH', () => {
  it('says of each stage what was found', async () => {
    const node = await lab.node({ folder: lab.folder });
    const seen: StageResult[] = [];
    const results = await testConnection(await overSsh([hopTo(node)]), never, (each) =>
      seen.push(each),
    );
    expect(outcomes(results)).toEqual(ALL_OK);
    expect(seen).toEqual(results);
    expect(textOf(results, 'host-key')).toContain(node.fingerprint);
    expect(textOf(results, 'authentication')).toContain(`key ${key}`);
    expect(textOf(results, 'shell')).toContain('5.1.20348.2227');
    expect(textOf(results, 'rights')).toContain('winlab\\operator is an administrator');
  });

  it('names the hop that failed, and does not show what another hop passed as done', async () => {
    const jump = await lab.node({ folder: lab.folder });
    const behind = { ...hopTo(jump), port: 1 };
    const results = await testConnection(await overSsh([hopTo(jump), behind]), never);
    expect(outcomes(results).slice(0, 3)).toEqual([
      'name: ok',
      'port: failed',
      'host-key: not reached',
    ]);
    expect(textOf(results, 'port')).toMatch(/jump host does not reach 127\.0\.0\.1 port 1/);
  });

  it.each([
    ['name', { host: 'no-such-node.invalid' }, /not known to DNS/],
    ['port', { port: 1 }, /sshd/],
    ['authentication', { identityFiles: [] }, /administrators_authorized_keys/],
  ] as const)('stops at %s', async (stage, wrong, message) => {
    const node = await lab.node({ folder: lab.folder });
    const results = await testConnection(await overSsh([hopTo(node, wrong)]), never);
    const failed = results.find(({ outcome }) => outcome === 'failed');
    expect(failed?.stage).toBe(stage);
    expect(failed?.text).toMatch(message);
    expect(results.at(-1)).toEqual({ stage: 'rights', outcome: 'not reached', text: '' });
  });

  it('stops at a key that is not accepted', async () => {
    const node = await lab.node({ folder: lab.folder });
    const way = await overSsh([hopTo(node)], { trustHost: () => Promise.resolve(false) });
    const results = await testConnection(way, never);
    expect(outcomes(results).slice(1, 4)).toEqual([
      'port: ok',
      'host-key: failed',
      'authentication: not reached',
    ]);
  });

  it('can be cancelled', async () => {
    const cancel = new AbortController();
    const way: TestedWay = {
      host: undefined,
      open: () => {
        cancel.abort(new Error('enough'));
        return Promise.reject(new TransportError('port', 'cut'));
      },
    };
    await expect(testConnection(way, cancel.signal)).rejects.toThrow('enough');
  });
});

describe('a test of a connection over WinRM', () => {
  it('passes all stages and leaves no shell', async () => {
    const fake = await winrm();
    const results = await testConnection(await overWinrm(fake.port), never);
    // Nothing was shown that says who the node is, so nothing of that has passed.
    expect(outcomes(results)).toEqual(
      ALL_OK.map((each) => (each === 'host-key: ok' ? 'host-key: limited' : each)),
    );
    expect(textOf(results, 'name')).toMatch(/localhost is .*127\.0\.0\.1/);
    expect(textOf(results, 'host-key')).toMatch(/no certificate/);
    expect(fake.shells.size).toBe(0);
  });

  it.each([
    [['user node1\\op', 'group administrators'], /LocalAccountTokenFilterPolicy/],
    [['user winlab\\guest', 'has hnsdiag.exe'], /no administrator/],
    [['user winlab\\op', 'group administrators', 'level high'], /does not have hnsdiag\.exe, /],
  ])('says what rights are missing: %j', async (rights, message) => {
    const fake = await winrm({ rights });
    const results = await testConnection(await overWinrm(fake.port), never);
    expect(outcomes(results).at(-1)).toBe('rights: limited');
    expect(textOf(results, 'rights')).toMatch(message);
  });

  it('says that the language is constrained, and that encoded commands are blocked', async () => {
    const constrained = await winrm({ constrained: true });
    const limited = await testConnection(await overWinrm(constrained.port), never);
    expect(textOf(limited, 'rights')).toMatch(/ConstrainedLanguage \(AppLocker or WDAC\)/);
    const blocked = await winrm({ blocked: true });
    const results = await testConnection(await overWinrm(blocked.port), never);
    expect(outcomes(results).slice(3)).toEqual([
      'authentication: ok',
      'shell: failed',
      'rights: not reached',
    ]);
  });

  it('tells a wrong password, a shell that is not allowed, and a port of another service', async () => {
    const fake = await winrm();
    const wrong = await testConnection(await overWinrm(fake.port, 'canary'), never);
    expect(outcomes(wrong)[3]).toBe('authentication: failed');
    expect(JSON.stringify(wrong)).not.toContain('canary');
    const denied = await winrm(
      {},
      { fault: { on: 'Create', code: 5, subcode: 'AccessDenied', text: 'Access is denied.' } },
    );
    const shell = await testConnection(await overWinrm(denied.port), never);
    expect(outcomes(shell)[4]).toBe('shell: failed');
    const other = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const results = await testConnection(await overWinrm(port), never);
    other.close();
    expect(outcomes(results)[1]).toBe('port: failed');
    expect(textOf(results, 'port')).toMatch(/not the WinRM service/);
  });

  it('shows the certificate that was not accepted', async () => {
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost'],
      ...['-keyout', lab.path('k.pem'), '-out', lab.path('c.pem')],
    ]);
    expect(made.status).toBe(0);
    const [cert = '', tlsKey = ''] = ['c.pem', 'k.pem'].map((name) =>
      readFileSync(lab.path(name), 'utf8'),
    );
    const fake = await winrm({}, { certificate: { cert, key: tlsKey } });
    const way = await overWinrm(fake.port, FAKE_ACCOUNT.password, true);
    const results = await testConnection(way, never);
    expect(outcomes(results)[2]).toBe('host-key: failed');
    expect(textOf(results, 'host-key')).toContain(fake.fingerprint);
  });
});

describe('a way that can run no command', () => {
  it('has no shell, and the rights it says it has', async () => {
    const way: TestedWay = {
      host: undefined,
      open: (passed) => {
        passed('port', 'The API server answers.');
        passed('host-key', 'Its certificate is that of the kubeconfig.');
        passed('authentication', 'accepted');
        passed('rights', 'May list nodes.');
        return Promise.resolve({ close: () => undefined });
      },
    };
    expect(outcomes(await testConnection(way, never))).toEqual(
      ALL_OK.filter((each) => !each.startsWith('shell')),
    );
  });
});
