import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scenario } from '../../shared/synthetic/scenarios';
import { writeBundle, zippedBundle } from '../sources/testing/bundles';
import { FAKE_ACCOUNT, FakeWinrm } from '../transports/winrm/testing/fake-winrm';
import { SshLab, type FakeNode, type Replay } from '../transports/testing/openssh';
import {
  analyzed,
  cli,
  found,
  isTimeless,
  liveIn,
  type Ran,
  type Report,
} from './testing/command-line';

/** A passphrase that must show up nowhere. */
const CANARY = 'canary-Pässphrase-7f3a';

const lab = new SshLab();
let key = '';
let locked = '';
let healthy: FakeNode;
const before = { ...process.env };

beforeAll(async () => {
  liveIn((name) => lab.path(name));
  key = lab.key('ed25519', 'ed25519');
  locked = lab.key('locked', 'ed25519', CANARY);
  healthy = await node({ folder: put('broken-services-overlay') });
});
afterAll(async () => {
  process.env = before;
  await lab.close();
});
let output = '';
let count = 0;
beforeEach(() => {
  count += 1;
  output = lab.path(`out-${count}/node.zip`);
  mkdirSync(dirname(output));
});

/** Writes the files of a made-up node; gives the folder. */
const put = (id: string): string => writeBundle(lab.path(`bundle-${id}`), scenario(id).bundle());

const node = (replay: Replay, hostKey?: string): Promise<FakeNode> => lab.node(replay, hostKey);

const collect = (to: FakeNode, ...args: string[]): Promise<Ran> =>
  cli([
    'collect',
    `ssh://${to.user}@127.0.0.1:${to.port}`,
    '--output',
    output,
    '--identity',
    key,
    '--accept-new-host-key',
    to.fingerprint,
    ...args,
  ]);

describe('collect over SSH', () => {
  it('gives the same findings as the bundle of the same node', async () => {
    const ran = await collect(healthy);
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(ran.out).toMatch(/node\.zip: \d+ files, 1 section has nothing on this node, complete/);
    const bundle = lab.path('bundle.zip');
    writeFileSync(bundle, zippedBundle(scenario('broken-services-overlay').bundle()));
    const [live, saved] = [await analyzed(output), await analyzed(bundle)];
    expect(found(live)).toEqual(found(saved));
    expect(live.checks.filter(isTimeless).map(({ ruleId, status }) => [ruleId, status])).toEqual(
      saved.checks.filter(isTimeless).map(({ ruleId, status }) => [ruleId, status]),
    );
    expect(live.findings.length).toBeGreaterThan(0);
    expect(readdirSync(dirname(output))).toEqual(['node.zip']);
  });

  it('refuses a host that is not known, with its fingerprint, and takes it once accepted', async () => {
    const other = await node({ folder: put('healthy-overlay') });
    const address = `ssh://${other.user}@127.0.0.1:${other.port}`;
    const args = ['collect', address, '--output', output, '-i', key];
    const refused = await cli(args);
    expect(refused.code).toBe(2);
    expect(refused.err.join(' ')).toContain(`--accept-new-host-key ${other.fingerprint}`);
    expect((await cli(args, 'no')).code).toBe(2);
    expect((await cli(args, 'yes')).code).toBe(0);
    expect((await cli(args)).code).toBe(0);
  });

  it('refuses a host whose key has changed, whatever is accepted', async () => {
    const known = lab.path('known-changed');
    const [, ...old] = (await node({ folder: put('healthy-overlay') })).knownHostsLine.split(' ');
    writeFileSync(known, `[127.0.0.1]:${healthy.port} ${old.join(' ')}\n`);
    process.env['XDG_CONFIG_HOME'] = lab.path('home/empty');
    const { code, err } = await collect(healthy, '--known-hosts', known);
    process.env['XDG_CONFIG_HOME'] = lab.path('home/.config');
    expect(code).toBe(2);
    expect(err.join(' ')).toContain('has changed');
    expect(err.join(' ').match(/SHA256:/g)).toHaveLength(2);
    expect(err.join(' ')).toContain(healthy.fingerprint);
  });

  it('keeps what came when the connection dies midway, and says what is missing', async () => {
    const dying = await node({ folder: put('healthy-overlay'), breakAfter: 20 });
    const { code, err, out } = await collect(dying);
    expect(code).toBe(1);
    expect(err.join(' ')).toMatch(/connection was lost/);
    expect(err.join(' ')).toMatch(/cut off/);
    expect(out).toMatch(/INCOMPLETE/);
    expect((await analyzed(output)).nodes[0]?.files.length).toBeGreaterThanOrEqual(20);
  });

  it('says which file was spoilt on the way', async () => {
    const spoilt = await node({ folder: put('healthy-overlay'), flip: 'endpoint.txt' });
    const { code, err } = await collect(spoilt);
    expect(code).toBe(1);
    expect(err).toEqual([expect.stringMatching(/endpoint\.txt\): damaged, \d+ bytes came/)]);
  });

  it('falls back to plain commands in Constrained Language Mode', async () => {
    const constrained = await node({ folder: put('healthy-overlay'), constrained: true });
    const { code, err } = await collect(constrained);
    expect(code).toBe(1);
    expect(err.join(' ')).toContain('ConstrainedLanguage');
    const paths = (await analyzed(output)).nodes[0]?.files.map(({ path }) => path) ?? [];
    expect(paths).toContain('node.zip!/endpoint.txt');
    expect(paths).not.toContain('node.zip!/hnsdiag.txt');
  });

  it('goes through a jump host, checking the keys of both', async () => {
    const args = ['--jump', `${healthy.user}@127.0.0.1:${healthy.port}`];
    const behind = await node({ folder: put('healthy-overlay') });
    const jumped = await collect(behind, ...args, '--accept-new-host-key', healthy.fingerprint);
    expect(jumped).toMatchObject({ code: 0, err: [] });
  });

  it('reads ~/.ssh/config and says what it ignores', async () => {
    const config = lab.path('config');
    writeFileSync(
      config,
      `Host win1\n  HostName 127.0.0.1\n  Port ${healthy.port}\n  User ${healthy.user}\n  IdentityFile ${key}\n  ProxyCommand nc %h %p\n`,
    );
    const args = ['collect', 'ssh://win1', '--output', output, '--ssh-config', config];
    const ran = await cli([...args, '--accept-new-host-key', healthy.fingerprint]);
    expect(ran.code).toBe(0);
    expect(ran.err).toEqual([expect.stringContaining('ProxyCommand is ignored')]);
  });

  it('takes a passphrase from a file descriptor and leaves it nowhere', async () => {
    const secret = lab.path('secret');
    writeFileSync(secret, `${CANARY}\n`);
    const record = lab.path('record.txt');
    const watched = await node({ folder: put('healthy-overlay'), record });
    const fd = openSync(secret, 'r');
    const args = ['--passphrase-fd', String(fd), '--accept-new-host-key', watched.fingerprint];
    const address = `ssh://${watched.user}@127.0.0.1:${watched.port}`;
    const ran = await cli(['collect', address, '-o', output, '-i', locked, ...args]);
    closeSync(fd);
    expect(ran.code).toBe(0);
    const wrong = await cli(['collect', address, '-o', output, '-i', locked], `${CANARY}-wrong`);
    expect(wrong.code).toBe(2);
    expect(wrong.err.join(' ')).toMatch(/passphrase is wrong/);
    const written = ['home/.config/hns-workbench/known_hosts', 'record.txt'].map((file) =>
      readFileSync(lab.path(file), 'utf8'),
    );
    const all = [JSON.stringify([ran, wrong]), ...written, readFileSync(output, 'latin1')].join();
    expect(all).not.toContain('canary-P');
    expect(readdirSync(lab.path('tmp'))).toEqual([]);
  });

  it('tells the collector what to take, how much of it, and how long', async () => {
    const record = lab.path('parameters.txt');
    const watched = await node({ folder: put('healthy-overlay'), record });
    const args = ['--include', 'vfp', '--include', 'logs', '--exclude', 'firewall'];
    const limits = ['--log-lines', '50', '--log-days', '2', '--event-hours', '6'];
    await collect(watched, ...args, ...limits, '--section-seconds', '30');
    expect(JSON.parse(readFileSync(record, 'utf8').trim().split('\n').at(-1) ?? '')).toEqual({
      include: ['vfp', 'logs'],
      exclude: ['firewall'],
      logLines: 50,
      logDays: 2,
      eventHours: 6,
      sectionSeconds: 30,
    });
  });

  it('streams a huge section to disk in bounded memory', async () => {
    const big = await node({
      folder: put('healthy-overlay'),
      hugeMegabytes: 32,
      hugeSections: 3,
    });
    const start = process.memoryUsage.rss();
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const ran = await collect(big);
    clearInterval(timer);
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(most - start).toBeLessThan(90 * 1024 ** 2);
  });
});

describe('collect of what the script printed by hand', () => {
  const printed = [
    'PS C:\\> powershell -File collect.ps1 > node1.txt',
    '@@WB1 HELLO 1 ConstrainedLanguage',
    '@@WB1 BEGIN 1 interfaces plain',
    '@@WB1 FILETEXT mtu.txt',
    '|Idx     Met         MTU          State                Name',
    '|---  ----------  ----------  ------------  ---------------------------',
    '| 24          15        1500  connected     vEthernet (Größe)',
    '@@WB1 END 1 - 3 ok',
    '@@WB1 DONE 1',
    '',
  ].join('\r\n');

  it.each(['utf16le', 'utf8'] as const)('in %s makes a bundle', async (encoding) => {
    const file = lab.path(`printed-${encoding}.txt`);
    writeFileSync(file, Buffer.from(`\ufeff${printed}`, encoding));
    expect(await cli(['collect', file, '--output', output])).toMatchObject({ code: 0, err: [] });
    const paths = (await analyzed(output)).nodes[0]?.files.map(({ path }) => path);
    expect(paths).toContain('node.zip!/mtu.txt');
  });

  it('says so when a file holds nothing of it', async () => {
    const file = lab.path('poem.txt');
    writeFileSync(file, 'Roses are red\n');
    const { code, err } = await cli(['collect', file, '--output', output]);
    expect(code).toBe(2);
    expect(err[0]).toMatch(/nothing was collected from poem/);
  });
});

describe('collect over WinRM', () => {
  let winrm: FakeWinrm;
  const start = async (replay: Replay): Promise<void> => {
    winrm = await FakeWinrm.start({ replay, settings: lab.path('winrm.json') });
  };
  afterEach(() => winrm.stop());
  const collectWinrm = (password = FAKE_ACCOUNT.password): Promise<Ran> => {
    const address = `winrm://${FAKE_ACCOUNT.user}@127.0.0.1:${winrm.port}`;
    return cli(['collect', address, '--output', output], password);
  };

  it('gives the same findings as over SSH', async () => {
    await start({ folder: put('broken-services-overlay') });
    const findings = ({ findings: all }: Report): unknown =>
      all.map(({ ruleId, summary, evidence }) => [ruleId, summary, evidence]);
    expect((await collect(healthy)).code).toBe(0);
    const overSsh = findings(await analyzed(output));
    const ran = await collectWinrm();
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(findings(await analyzed(output))).toEqual(overSsh);
    expect(winrm.shells.size).toBe(0);
  });

  it('keeps what came when the connection dies midway', async () => {
    await start({ folder: put('healthy-overlay'), breakAfter: 20 });
    const { code, err } = await collectWinrm();
    expect(code).toBe(1);
    expect(err.join(' ')).toMatch(/connection was lost.*cut off/);
    expect((await analyzed(output)).nodes[0]?.files.length).toBeGreaterThanOrEqual(20);
  });

  it('takes several huge sections, with delays in between', async () => {
    const replay = { folder: put('healthy-overlay'), hugeMegabytes: 4, hugeSections: 3, delay: 5 };
    await start(replay);
    expect(await collectWinrm()).toMatchObject({ code: 0, err: [] });
    const files = (await analyzed(output)).nodes[0]?.files.map(({ path }) => path) ?? [];
    expect(files.filter((file) => file.includes('logs/huge-'))).toHaveLength(3);
  });

  it('says which file was cut at a limit, and keeps what there is of it', async () => {
    await start({ folder: put('broken-services-overlay'), truncate: 'vfpOutput.txt' });
    const { code, err } = await collectWinrm();
    expect(code).toBe(1);
    expect(err).toEqual([
      expect.stringMatching(/vfpOutput\.txt\): truncated, stopped after \d+ characters/),
    ]);
    const paths = (await analyzed(output)).nodes[0]?.files.map(({ path }) => path);
    expect(paths).toContain('node.zip!/vfpOutput.txt');
  });

  it('falls back to plain commands in Constrained Language Mode', async () => {
    await start({ folder: put('healthy-overlay'), constrained: true });
    expect((await collectWinrm()).err.join(' ')).toContain('ConstrainedLanguage');
    expect(winrm.log.filter((kind) => kind === 'Create')).toHaveLength(1);
  });

  it('leaves the password nowhere', async () => {
    const record = lab.path('winrm-record.txt');
    await start({ folder: put('healthy-overlay'), record });
    const runs = [await collectWinrm(), await collectWinrm(CANARY)];
    expect(runs.map(({ code }) => code)).toEqual([0, 2]);
    const written = [readFileSync(record, 'utf8'), readFileSync(output, 'latin1')];
    const all = [JSON.stringify([runs, winrm.log]), ...written].join();
    expect(all).not.toMatch(/canary-P|S3cret/);
    expect(readdirSync(lab.path('tmp'))).toEqual([]);
  });
});

describe('arguments of collect', () => {
  it.each([
    [['collect'], /needs a node/],
    [['collect', 'ssh://user:secret@node'], /password does not belong in an address/],
    [['collect', 'ssh://'], /is no address/],
    [['collect', 'kube://context/node', '--with-kube', 'kube://x'], /beside ssh/],
    [['collect', 'kube://x', '--kubeconfig', '/nowhere'], /no kubeconfig/],
    [['nodes', 'ssh://node'], /kube:\/\/CONTEXT/],
    [['collect', 'winrm://node'], /say who/],
    [['collect', 'winrm://op@node', '--auth', 'kerberos'], /Kerberos is for HTTPS only/],
    [['collect', 'winrms://op@node', '--auth', 'digest'], /one of auto, kerberos, ntlm, basic/],
    [['collect', 'remoting://op@node'], /signs in as the user of this computer/],
    [['collect', 'winrm://op@node', '--jump', 'other'], /for ssh:\/\/ only/],
    [['collect', 'ssh://node', '--auth', 'ntlm'], /for winrm:\/\/ and winrms:\/\/ only/],
    [['collect', 'winrm://op@node', '--ca', 'ca.pem'], /no certificate/],
    [['collect', 'winrm://op@127.0.0.1:1'], /refuses the connection/],
    [['collect', 'winrms://op:secret@node'], /password does not belong in an address/],
    [['collect', 'ssh://127.0.0.1:1', '--ssh-config', 'none'], /refuses the connection/],
    [['collect', 'ssh://node', '--password-fd', 'x'], /is a number/],
  ])('%j', async (args, message) => {
    const { code, err } = await cli(args);
    expect(code).toBe(2);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(message);
    expect(err[0]).not.toContain('secret');
  });

  it.runIf(process.platform !== 'win32')('says that Windows is needed', async () => {
    for (const address of ['local', 'remoting://node']) {
      const { code, err } = await cli(['collect', address]);
      expect(code).toBe(2);
      expect(err[0]).toMatch(/This computer does not run Windows/);
    }
  });

  it('shows the script that would run', async () => {
    const { code, out } = await cli(['collect', '--script']);
    expect(code).toBe(0);
    expect(out).toContain('It reads only.');
  });

  it('saves it to be signed and run by hand, as ASCII, and replaces no file', async () => {
    const file = lab.path('collect.ps1');
    const saved = await cli(['collect', '--script', file]);
    expect(saved).toMatchObject({ code: 0, err: [] });
    const text = readFileSync(file, 'utf8');
    expect(text.replaceAll('\r\n', '\n')).toBe((await cli(['collect', '--script'])).out);
    expect(text).toMatch(/^[\x09\x0a\x0d\x20-\x7e]+$/);
    expect((await cli(['collect', '--script', file])).err[0]).toMatch(/cannot be written/);
  });
});
