import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectNode } from '../../collect/collect-node';
import type { FrameStream } from '../../collect/frame-reader';
import { FrameStore } from '../../collect/frame-store';
import { objections } from '../../collect/testing/read-only';
import { testConnection } from '../test-connection';
import { TransportError, type NodeWay } from '../transport';
import { systemPowershell } from './powershell';
import { openRemoting, testedRemoting, type RemotingTarget } from './remoting';
import { REMOTING_SCRIPT } from './remoting-script';
import { testedThisComputer, thisComputer } from './this-computer';

const folder = mkdtempSync(join(tmpdir(), 'local-'));
const path = (name: string): string => join(folder, name);
const STAND_IN = fileURLToPath(new URL('testing/stand-in.mjs', import.meta.url));
const never = new AbortController().signal;
let count = 0;

beforeAll(() => {
  mkdirSync(path('node'));
  writeFileSync(path('node/ip.txt'), 'Windows IP Configuration ö\r\n');
  writeFileSync(path('node/routes.txt'), 'IPv4 Route Table\r\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in for powershell.exe. */
function powershell(settings: Readonly<Record<string, unknown>> = {}): string {
  count += 1;
  const [program, file] = [path(`powershell-${count}`), path(`settings-${count}.json`)];
  writeFileSync(file, JSON.stringify({ folder: path('node'), ...settings }));
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${STAND_IN}" "${file}" "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

const target: RemotingTarget = { host: 'node1', port: undefined, tls: false };
const remoting = (settings: Readonly<Record<string, unknown>> = {}): string =>
  powershell({ script: REMOTING_SCRIPT, ...settings });

async function collected(way: NodeWay, signal = never): Promise<FrameStream> {
  const store = new FrameStore();
  try {
    return await collectNode(way.runner, { parameters: {}, store, signal });
  } finally {
    store.dispose();
  }
}

describe('this computer', () => {
  it('is read with the same collector, and gives the same files', async () => {
    const stream = await collected(thisComputer(powershell()));
    expect(stream).toMatchObject({ complete: true, languageMode: 'FullLanguage' });
    expect(stream.files.map(({ path: file, state }) => [file, state])).toEqual([
      ['ip.txt', 'ok'],
      ['routes.txt', 'ok'],
      ['containerd-pods.txt', 'missing'],
    ]);
  });

  it('falls back to plain commands in Constrained Language Mode', async () => {
    const stream = await collected(thisComputer(powershell({ constrained: true })));
    expect(stream.notes.join()).toMatch(/ConstrainedLanguage/);
    expect(stream.files.find(({ path: file }) => file === 'ip.txt')?.state).toBe('ok');
  });

  it('can be tested stage by stage, and asks for an administrator', async () => {
    const rights = ['user node1\\op', 'group administrators', 'has hnsdiag.exe'];
    const results = await testConnection(testedThisComputer(powershell({ rights })), never);
    expect(results.map(({ outcome }) => outcome)).toEqual([
      ...['ok', 'ok', 'ok', 'ok', 'ok'],
      'limited',
    ]);
    expect(results.at(-1)?.text).toMatch(/Start this program as administrator/);
  });

  it('ends PowerShell when cancelled', async () => {
    const cancel = new AbortController();
    const slow = thisComputer(powershell({ delay: 60_000 }));
    const running = slow.runner.run('powershell.exe -EncodedCommand x', {
      input: new Uint8Array(0),
      signal: cancel.signal,
      onOutput: () => Promise.resolve(),
    });
    cancel.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('says so where PowerShell cannot be started, and where this is no Windows', async () => {
    const none = collected(thisComputer(path('nowhere')));
    await expect(none).rejects.toMatchObject({ stage: 'channel', name: 'TransportError' });
    if (process.platform !== 'win32') expect(() => systemPowershell()).toThrow(TransportError);
  });
});

describe('the script for Windows remoting', () => {
  it('is valid, and makes a session, runs what it is given, and ends the session', async () => {
    const found = await objections(REMOTING_SCRIPT);
    expect(found.map((each) => each.replace(/^line \d+: /, '').replace(/\s.*?: /, ' '))).toEqual([
      expect.stringContaining('Error.WriteLine'),
      expect.stringContaining('New-PSSessionOption'),
      expect.stringContaining('New-PSSession @To'),
      expect.stringContaining('Invoke-Command -Session $Session'),
      expect.stringContaining('& $Program $Arguments'),
      expect.stringContaining('Remove-PSSession'),
    ]);
  });
});

describe('Windows remoting', () => {
  it('gives the same stream; what varies is one document of ASCII on standard input', async () => {
    const document = path('document.json');
    const way = openRemoting(
      { host: "nöde'; calc; '$(calc)", port: 5986, tls: true },
      remoting({ document }),
    );
    expect(await collected(way)).toMatchObject({ complete: true });
    const text = readFileSync(document, 'utf8');
    expect(text).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(text)).toMatchObject({
      computer: "nöde'; calc; '$(calc)",
      port: 5986,
      tls: true,
      program: 'powershell.exe',
    });
  });

  it.each([
    ['NetworkPathNotFound,PSSessionOpenFailed', 'name', /is not found/],
    ['CannotConnect,PSSessionOpenFailed', 'port', /Enable-PSRemoting/],
    ['ServerNotTrusted,PSSessionOpenFailed', 'host-key', /do not need TrustedHosts/],
    ['AccessDenied,PSSessionOpenFailed', 'authentication', /Remote Management Users/],
    ['2150859046,PSSessionOpenFailed', 'channel', /failed\. Windows said: Zugriff/],
  ])('%s becomes a sentence', async (id, stage, message) => {
    const way = openRemoting(target, remoting({ fail: [id, 'Zugriff verweigert.'] }));
    await expect(collected(way)).rejects.toMatchObject({
      stage,
      message: expect.stringMatching(message),
    });
  });

  it('keeps what came when the session breaks', async () => {
    const stream = await collected(openRemoting(target, remoting({ breakAfter: 1 })));
    expect(stream.complete).toBe(false);
    expect(stream.notes.join()).toMatch(/connection was lost: The session with node1 broke off/);
    expect(stream.files[0]).toMatchObject({ path: 'ip.txt', state: 'ok' });
  });

  it('can be tested stage by stage', async () => {
    const local = { ...target, host: 'localhost' };
    const good = await testConnection(testedRemoting(local, remoting()), never);
    expect(good.every(({ outcome }) => outcome === 'ok')).toBe(true);
    const fail = ['AccessDenied,PSSessionOpenFailed', 'Access is denied.'];
    const bad = await testConnection(testedRemoting(local, remoting({ fail })), never);
    expect(bad.map(({ outcome }) => outcome)).toEqual([
      'ok',
      'ok',
      'ok',
      'failed',
      ...['not reached', 'not reached'],
    ]);
  });
});
