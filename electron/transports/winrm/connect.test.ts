import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { collectorCommand } from '../../collect/collector-command';
import { encodedCommand } from '../encoded-command';
import { TransportError, type NodeWay } from '../transport';
import { PinnedCertificates, type NewCertificate } from './certificate';
import { connectWinrm, type WinrmOptions } from './connect';
import { FAKE_ACCOUNT, FakeWinrm, type FakeWinrmOptions } from './testing/fake-winrm';
import { gssPeer, type GssPeer } from './testing/gss-peer';

const PYTHON = '/usr/bin/python3';
const folder = mkdtempSync(join(tmpdir(), 'winrm-'));
const path = (name: string): string => join(folder, name);
const beside = (name: string): string => fileURLToPath(new URL(`testing/${name}`, import.meta.url));
const replay = { folder: path('node') };
const certificates = new Map<string, { cert: string; key: string }>();
const running: FakeWinrm[] = [];
const children: ChildProcess[] = [];

beforeAll(() => {
  mkdirSync(replay.folder);
  writeFileSync(join(replay.folder, 'ip.txt'), 'Windows IP Configuration ö\r\n');
  // What Debian's OpenSSL leaves out and pywinrm needs: MD4 and RC4.
  writeFileSync(
    path('legacy.cnf'),
    'openssl_conf=o\n[o]\nproviders=p\n[p]\ndefault=a\nlegacy=a\n[a]\nactivate=1\n',
  );
  for (const [name, digest] of [
    ['own', 'sha256'],
    ['other', 'sha256'],
    ['sha384', 'sha384'],
  ] as const) {
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
    const names = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    ];
    const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', `-${digest}`, '-days', '30'];
    const made = spawnSync('openssl', [...kind, ...files, ...names], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    certificates.set(name, {
      cert: readFileSync(path(`${name}.pem`), 'utf8'),
      key: readFileSync(path(`${name}.key`), 'utf8'),
    });
  }
});
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));
afterAll(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function fake(options: Partial<FakeWinrmOptions> = {}): Promise<FakeWinrm> {
  const made = await FakeWinrm.start({ replay, settings: path('settings.json'), ...options });
  running.push(made);
  return made;
}

const withTls = (name = 'own'): Partial<FakeWinrmOptions> => {
  const certificate = certificates.get(name);
  return certificate === undefined ? {} : { certificate };
};

interface Going extends Partial<WinrmOptions> {
  readonly tls?: boolean;
  readonly password?: string;
  readonly trust?: (certificate: NewCertificate) => boolean;
}

async function connect(port: number, going: Going = {}): Promise<NodeWay> {
  return connectWinrm(
    { host: '127.0.0.1', port, tls: going.tls ?? false },
    {
      user: FAKE_ACCOUNT.user,
      pins: await PinnedCertificates.read(undefined),
      authorities: [],
      questions: {
        trustCertificate: (shown) => Promise.resolve(going.trust?.(shown) ?? false),
        password: () => Promise.resolve(going.password ?? FAKE_ACCOUNT.password),
      },
      signal: new AbortController().signal,
      ...going,
    },
  );
}

const failure = async (what: Promise<unknown>): Promise<string> => {
  const error: unknown = await what.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TransportError);
  return error instanceof TransportError ? `${error.stage}: ${error.message}` : '';
};

async function collected(connection: NodeWay): Promise<{ out: string; lost: string | undefined }> {
  let out = '';
  const { command, input } = collectorCommand({});
  const ended = await connection.runner.run(command, {
    input,
    signal: new AbortController().signal,
    onOutput: (bytes) => {
      out += Buffer.from(bytes).toString();
      return Promise.resolve();
    },
  });
  return { out, lost: ended.lost };
}

describe('a node over HTTP', () => {
  it('runs the collector with sealed messages only, and leaves no shell behind', async () => {
    const node = await fake();
    const connection = await connect(node.port);
    const { out, lost } = await collected(connection);
    expect(lost).toBeUndefined();
    expect(out).toMatch(/@@WB1 DONE 2/);
    await connection.close();
    expect(node.shells.size).toBe(0);
    expect(node.log).not.toContain('unsealed');
  });

  it('polls on while the node has nothing to say', async () => {
    const node = await fake({ replay: { ...replay, delay: 300 }, pollMilliseconds: 50 });
    const connection = await connect(node.port);
    expect((await collected(connection)).out).toMatch(/DONE/);
    expect(node.log.filter((kind) => kind === 'Receive').length).toBeGreaterThan(4);
    await connection.close();
  });

  it('deletes the shell when cancelled in the middle of a long poll', async () => {
    const node = await fake({ replay: { ...replay, delay: 60_000 }, pollMilliseconds: 60_000 });
    const connection = await connect(node.port);
    const cancel = new AbortController();
    const { command, input } = collectorCommand({});
    const run = connection.runner.run(command, {
      input,
      signal: cancel.signal,
      onOutput: () => {
        cancel.abort(new Error('enough'));
        return Promise.resolve();
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(node.shells.size).toBe(1);
    await connection.close();
    expect(node.shells.size).toBe(0);
  });

  it('keeps what came when the connection breaks, and still deletes the shell', async () => {
    const node = await fake({ replay: { ...replay, breakAfter: 0 } });
    const connection = await connect(node.port);
    const { out, lost } = await collected(connection);
    expect(out).toContain('@@WB1 HELLO');
    expect(lost).toMatch(/hang up|closed it|reset/);
    await connection.close();
    expect(node.shells.size).toBe(0);
    expect(node.log.filter((kind) => kind === 'Command')).toHaveLength(1);
  });

  it.each([
    ['flip reply', /changed on the way/],
    ['flip signature', /changed on the way/],
    ['unsealed reply', /not sealed/],
  ] as const)('%s: nothing of it is used', async (tamper, message) => {
    const node = await fake({ tamper });
    const connection = await connect(node.port);
    const error = await failure(collected(connection));
    expect(error).toMatch(message);
    expect(node.log).toEqual(['Create']);
    await connection.close();
  });

  it('refuses to sign in where sealing is taken out of the offer', async () => {
    const node = await fake({ tamper: 'no sealing offered' });
    expect(await failure(connect(node.port))).toMatch(/does not offer signing, sealing/);
    expect(node.log).toEqual([]);
  });

  it('a login changed on the way is refused by the node', async () => {
    const node = await fake({
      onLogin: (message) => message.writeUInt8(message.readUInt8(72) ^ 1, 72),
    });
    expect(await failure(connect(node.port))).toMatch(/^authentication: /);
  });

  it('says so when the password is wrong, and that the clocks differ where they do', async () => {
    const node = await fake({ clockMinutes: -90 });
    const error = await failure(connect(node.port, { password: 'wrong-canary' }));
    expect(error).toMatch(/^authentication: .*did not accept WINLAB\\operator.*90 minutes behind/);
    expect(error).not.toContain('canary');
  });

  it.each([
    ['Create', 5, 'AccessDenied', 'Access is denied.', /^channel: .*Remote Management Users/],
    [
      'Create',
      2150859174,
      'QuotaLimit',
      'The maximum number of concurrent shells for this user',
      /MaxShellsPerUser/,
    ],
    [
      'Create',
      2150859173,
      'QuotaLimit',
      'The maximum number of users executing',
      /MaxConcurrentUsers/,
    ],
    ['Create', 1, 'EncodingLimit', 'The envelope size exceeds', /MaxEnvelopeSizekb/],
    ['Command', 2150858843, 'InvalidSelectors', 'not found', /The shell is gone/],
  ])('%s fault %i becomes a sentence', async (on, code, subcode, text, message) => {
    const node = await fake({ fault: { on, code, subcode, text } });
    const connection = await connect(node.port);
    expect(await failure(collected(connection))).toMatch(message);
    await connection.close();
    expect(node.shells.size).toBe(0);
  });

  it('tells a port without WinRM, without TLS, and without anything', async () => {
    const node = await fake();
    expect(await failure(connect(node.port, { tls: true }))).toMatch(/does not speak TLS/);
    const { port } = node;
    await node.stop();
    running.splice(0);
    expect(await failure(connect(port))).toMatch(/^port: .*refuses the connection/);
  });
});

describe('a node over HTTPS', () => {
  it.each(['own', 'sha384'])(
    'works with an accepted certificate (%s), bound to it',
    async (name) => {
      const node = await fake(withTls(name));
      const shown: string[] = [];
      const file = path(`pins-${name}`);
      const trust = ({ fingerprint, subject }: NewCertificate): boolean => {
        shown.push(`${subject} ${fingerprint}`);
        return true;
      };
      for (const time of ['first', 'second']) {
        const pins = await PinnedCertificates.read(file);
        const connection = await connect(node.port, { tls: true, trust, pins });
        expect((await collected(connection)).out, time).toMatch(/DONE/);
        await connection.close();
      }
      expect(shown).toEqual([`CN=localhost ${node.fingerprint}`]);
    },
  );

  it('asks nothing where an authority vouches for it', async () => {
    const node = await fake(withTls());
    const authorities = [certificates.get('own')?.cert ?? ''];
    const connection = await connect(node.port, { tls: true, authorities });
    expect((await collected(connection)).out).toMatch(/DONE/);
    await connection.close();
  });

  it('sends nothing to a node whose certificate is not accepted, or has changed', async () => {
    const node = await fake(withTls());
    const asked: unknown[] = [];
    const questions = {
      trustCertificate: () => Promise.resolve(false),
      password: () => {
        asked.push('password');
        return Promise.resolve('x');
      },
    };
    const refused = await failure(connect(node.port, { tls: true, questions }));
    expect(refused).toMatch(/^host-key: .*was not accepted: .*Nothing was sent/);
    expect(refused).toContain(node.fingerprint);
    const other = await fake(withTls('other'));
    const pins = await PinnedCertificates.read(undefined);
    await pins.add('127.0.0.1', other.port, node.fingerprint);
    const changed = await failure(connect(other.port, { tls: true, questions, pins }));
    expect(changed).toMatch(/^host-key: .*has changed/);
    expect(changed).toContain(node.fingerprint);
    expect(changed).toContain(other.fingerprint);
    expect(asked).toEqual([]);
  });

  it('a login bound to another certificate is refused', async () => {
    const node = await fake({ ...withTls(), tamper: 'other certificate bound' });
    expect(await failure(connect(node.port, { tls: true, trust: () => true }))).toMatch(
      /^authentication: /,
    );
  });
});

describe('Basic', () => {
  const chosen = { tls: true, method: 'basic', trust: () => true } as const;

  it('signs in over TLS whose certificate was accepted', async () => {
    const node = await fake({ ...withTls(), basicOnly: true });
    const connection = await connect(node.port, chosen);
    expect((await collected(connection)).out).toMatch(/DONE 2/);
    await connection.close();
    expect(node.shells.size).toBe(0);
    expect(await failure(connect(node.port, { ...chosen, password: 'canary' }))).toMatch(
      /^authentication: .*did not accept WINLAB\\operator/,
    );
  });

  it('is refused without TLS, where nothing is sent, and where the certificate is not accepted', async () => {
    const plain = await fake({ basicOnly: true });
    const refused = await failure(connect(plain.port, { method: 'basic' }));
    expect(refused).toMatch(/Basic is for HTTPS only.*Nothing was sent/);
    const node = await fake({ ...withTls(), basicOnly: true });
    expect(await failure(connect(node.port, { ...chosen, trust: () => false }))).toMatch(
      /^host-key/,
    );
    expect([...plain.logins, ...node.logins]).toEqual([]);
  });

  it.each(['auto', 'ntlm'] as const)('is never used by itself (%s)', async (method) => {
    const node = await fake({ ...withTls(), basicOnly: true });
    const error = await failure(connect(node.port, { ...chosen, method }));
    expect(error).toMatch(/does not take NTLM within Negotiate; it offers: Basic/);
    expect(node.logins.filter((each) => each.startsWith('Basic'))).toEqual([]);
  });

  it('is not offered by a node as Windows comes', async () => {
    const node = await fake(withTls());
    expect(await failure(connect(node.port, chosen))).toMatch(/does not take Basic .*Negotiate/);
  });
});

/** These peers come from Debian, which system-libraries.mjs sees to; elsewhere they may be missing. */
describe.runIf(existsSync('/usr/bin/apt-get'))('parts that others wrote', () => {
  async function peer(...tls: string[]): Promise<GssPeer> {
    writeFileSync(
      path('accounts'),
      `${FAKE_ACCOUNT.user.replace('\\', ':')}:${FAKE_ACCOUNT.password}\n`,
    );
    writeFileSync(path('peer.json'), JSON.stringify(replay));
    const made = await gssPeer(path('peer.json'), { NTLM_USER_FILE: path('accounts') }, ...tls);
    children.push(made.child);
    return made;
  }

  it('GSSAPI unseals what we seal, and we what it seals', async () => {
    const { port, log } = await peer();
    const connection = await connect(port);
    expect((await collected(connection)).out).toMatch(/DONE 2/);
    await connection.close();
    await vi.waitFor(() => expect(log()).toContain('Delete'));
    expect(await failure(connect(port, { password: 'wrong' }))).toMatch(/^authentication: /);
  });

  it('GSSAPI takes our channel binding', async () => {
    const { port } = await peer(path('own.pem'), path('own.key'));
    const connection = await connect(port, { tls: true, trust: () => true });
    expect((await collected(connection)).out).toMatch(/DONE 2/);
    await connection.close();
  });

  it('GSSAPI refuses us where the certificate it has is not the one we saw', async () => {
    const { port, log } = await peer(path('own.pem'), path('own.key'), path('other.pem'));
    const error = await failure(connect(port, { tls: true, trust: () => true }));
    expect(error).toMatch(/^authentication: /);
    await vi.waitFor(() => expect(log()).toContain('refused'));
  });

  it.each(['http', 'https'])('pywinrm runs a command on the fake node over %s', async (scheme) => {
    const node = await fake({
      replay: { ...replay, constrained: true },
      ...(scheme === 'https' ? withTls() : {}),
    });
    const [program = '', ...words] = encodedCommand('ipconfig.exe /allcompartments /all').split(
      ' ',
    );
    const url = `${scheme}://localhost:${node.port}/wsman`;
    const child = spawn(PYTHON, [beside('pywinrm_client.py'), url, program, ...words], {
      env: {
        ...process.env,
        OPENSSL_CONF: path('legacy.cnf'),
        REQUESTS_CA_BUNDLE: path('own.pem'),
      },
    });
    children.push(child);
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (out += bytes.toString()));
    child.stdin.end(`${FAKE_ACCOUNT.user}\n${FAKE_ACCOUNT.password}\n`);
    await new Promise((resolve) => child.once('close', resolve));
    expect(out).toMatch(/^0\s+Windows IP Configuration ö/);
    expect(node.shells.size).toBe(0);
    expect(node.log).not.toContain('unsealed');
  });
});
