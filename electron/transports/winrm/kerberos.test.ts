import { spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { collectorCommand } from '../../collect/collector-command';
import { TransportError, type NodeWay } from '../transport';
import { PinnedCertificates } from './certificate';
import { connectWinrm, type WinrmOptions } from './connect';
import { isDomainAccount, isSignedIn, kerberosFailure, kerberosTicket } from './kerberos';
import { FAKE_ACCOUNT, FakeWinrm } from './testing/fake-winrm';
import { gssPeer, type GssPeer } from './testing/gss-peer';
import { hasKerberos, Kdc } from './testing/kdc';

const failure = async (what: Promise<unknown>): Promise<string> => {
  const error: unknown = await what.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TransportError);
  return error instanceof TransportError ? `${error.stage}: ${error.message}` : '';
};

/** A KDC, a client library that was compiled: system-libraries.mjs and kerberos.mjs see to them. */
describe.runIf(hasKerberos())('Kerberos, at a KDC and an acceptor of MIT', () => {
  const kdc = new Kdc();
  const before = { ...process.env };
  const children: ChildProcess[] = [];
  const fakes: FakeWinrm[] = [];
  let asked = 0;

  beforeAll(async () => {
    await kdc.start();
    // The library reads them whenever it signs in.
    Object.assign(process.env, kdc.env('tickets'));
    writeFileSync(kdc.path('peer.json'), JSON.stringify({ folder: kdc.folder, blocked: false }));
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', kdc.path('key.pem'), '-out', kdc.path('cert.pem')],
    ]);
    expect(made.status).toBe(0);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill();
    await Promise.all(fakes.splice(0).map((each) => each.stop()));
    asked = 0;
    process.env['KRB5CCNAME'] = kdc.env('tickets').KRB5CCNAME;
  });
  afterAll(() => {
    process.env = before;
    kdc.stop();
  });

  async function peer(env: Readonly<Record<string, string>> = {}): Promise<GssPeer> {
    const made = await gssPeer(
      kdc.path('peer.json'),
      { KRB5_KTNAME: kdc.keytab, ...env },
      kdc.path('cert.pem'),
      kdc.path('key.pem'),
    );
    children.push(made.child);
    return made;
  }

  async function fake(): Promise<FakeWinrm> {
    const [cert = '', key = ''] = ['cert.pem', 'key.pem'].map((name) =>
      readFileSync(kdc.path(name), 'utf8'),
    );
    const made = await FakeWinrm.start({
      replay: { folder: kdc.folder },
      settings: kdc.path('fake.json'),
      certificate: { cert, key },
    });
    fakes.push(made);
    return made;
  }

  async function connect(port: number, more: Partial<WinrmOptions> = {}): Promise<NodeWay> {
    return connectWinrm(
      { host: 'localhost', port, tls: true },
      {
        user: undefined,
        method: 'kerberos',
        pins: await PinnedCertificates.read(undefined),
        authorities: [readFileSync(kdc.path('cert.pem'), 'utf8')],
        questions: {
          trustCertificate: () => Promise.resolve(false),
          password: () => {
            asked += 1;
            return Promise.resolve(FAKE_ACCOUNT.password);
          },
        },
        signal: new AbortController().signal,
        ...more,
      },
    );
  }

  async function collected(way: NodeWay): Promise<string> {
    let out = '';
    const { command, input } = collectorCommand({});
    await way.runner.run(command, {
      input,
      signal: new AbortController().signal,
      onOutput: (bytes) => {
        out += Buffer.from(bytes).toString();
        return Promise.resolve();
      },
    });
    await way.close();
    return out;
  }

  it.each(['kerberos', 'auto'] as const)(
    'signs in with the ticket there is (%s) and asks for no password',
    async (method) => {
      const { port, log } = await peer();
      const way = await connect(port, { method });
      expect(await collected(way)).toMatch(/@@WB1 DONE/);
      expect(log()).toContain('signed in operator@WINLAB.TEST');
      expect(asked).toBe(0);
    },
  );

  it('signs in with the ticket of the user who is named, and no other', async () => {
    const { port } = await peer();
    await (await connect(port, { user: 'operator@winlab.test' })).close();
    const other = await failure(connect(port, { user: 'WINLAB\\somebody' }));
    expect(other).toMatch(/^authentication: Kerberos with localhost/);
    expect(asked).toBe(0);
  });

  it('signs in again where a node forgets the login after each message', async () => {
    const { port, log } = await peer({ PEER: 'forgets' });
    expect(await collected(await connect(port))).toMatch(/@@WB1 DONE/);
    expect(log().match(/signed in/g)?.length).toBeGreaterThan(3);
  });

  it.each(['silent', 'wrong'])('refuses a node whose proof is %s', async (PEER) => {
    const { port, log } = await peer({ PEER });
    expect(await failure(connect(port))).toMatch(/did not prove that it is localhost/);
    expect(log()).not.toContain('Create');
  });

  it('says so where the node cannot read the ticket, and does not try a password then', async () => {
    const { port } = await peer({ KRB5_KTNAME: kdc.otherKeytab() });
    const refused = await failure(connect(port, { method: 'auto', user: 'operator@winlab.test' }));
    expect(refused).toMatch(/^authentication: Kerberos with localhost: the node cannot read/);
    expect(asked).toBe(0);
  });

  it('says so where the clocks differ', async () => {
    const { port } = await peer({
      LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
      FAKETIME: '+20m',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    const refused = await failure(connect(port));
    expect(refused).toMatch(/the clocks of .* differ by more than 5 minutes.* 20 minutes ahead of/);
  });

  it('a user who chose Kerberos never gets NTLM, even where the node would take it', async () => {
    const node = await fake();
    expect(await failure(connect(node.port))).toMatch(/^authentication: Kerberos with localhost/);
    process.env['KRB5CCNAME'] = kdc.env('no-tickets').KRB5CCNAME;
    expect(await failure(connect(node.port))).toMatch(/there is no ticket: .*kinit/);
    expect(asked).toBe(0);
    expect(node.log).toEqual([]);
  });

  it('auto takes NTLM where there is no ticket or only an address, and says so', async () => {
    const node = await fake();
    const stages: string[] = [];
    const { user } = FAKE_ACCOUNT;
    process.env['KRB5CCNAME'] = kdc.env('no-tickets').KRB5CCNAME;
    const options = { user, method: 'auto', onStage: (text: string) => stages.push(text) } as const;
    const way = await connect(node.port, options);
    expect(await collected(way)).toMatch(/@@WB1 DONE/);
    expect(stages.join('\n')).toMatch(/NTLM is used\. Kerberos with localhost: there is no ticket/);
    expect(stages.at(-1)).toMatch(/\(NTLM\)$/);
  });
});

describe('where there is no Kerberos', () => {
  const none = (): Promise<never> => Promise.reject(new Error('no module'));

  it('it says that it was not built, and that an address has no ticket', async () => {
    expect(await failure(kerberosTicket('node1', undefined, none))).toMatch(/was not built/);
    expect(await failure(kerberosTicket('10.0.0.7', undefined, none))).toMatch(/is an address/);
  });
});

describe('a failure of Kerberos', () => {
  it.each([
    ['GSSAPI: Clock skew too great', /clocks of this computer, the domain and the node differ/],
    ['Server not found in Kerberos database', /full name/],
    ['No Kerberos credentials available (default cache: FILE:/tmp/x)', /kinit/],
    ['Ticket expired', /expired/],
    ["Cannot contact any KDC for realm 'WINLAB.TEST'", /domain controller does not answer/],
    ['', /may not sign in/],
  ])('%s becomes a sentence', (said, message) => {
    expect(kerberosFailure('node1', said, '').message).toMatch(message);
  });
});

describe('accounts', () => {
  it.each([
    ['CONTOSO\\op', true],
    ['op@contoso.com', true],
    ['.\\Administrator', false],
    ['Administrator', false],
  ])('%s is one of a domain: %s', (user, expected) => {
    expect(isDomainAccount(user)).toBe(expected);
  });

  it.each([
    ['CONTOSO\\Op', true],
    ['op@contoso.com', true],
    ['op', true],
    ['FABRIKAM\\op', false],
    ['CONTOSO\\other', false],
  ])('%s is signed in to this computer: %s', (user, expected) => {
    const environment = { USERDOMAIN: 'CONTOSO', USERDNSDOMAIN: 'CONTOSO.COM' };
    expect(isSignedIn(user, environment, 'op')).toBe(expected);
  });
});
