import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint, keyType, KnownHosts } from './known-hosts';

const folder = mkdtempSync(join(tmpdir(), 'known-hosts-test-'));
const keygen = (...args: string[]): string =>
  spawnSync('ssh-keygen', args, { encoding: 'utf8' }).stdout;

interface Key {
  readonly type: string;
  readonly code: string;
  readonly raw: Buffer;
  readonly print: string;
}
function makeKey(name: string, type: string): Key {
  const file = join(folder, name);
  keygen('-q', '-t', type, '-N', '', '-f', file);
  const [kind = '', code = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
  const print = /SHA256:\S+/.exec(keygen('-lf', `${file}.pub`))?.[0] ?? '';
  return { type: kind, code, raw: Buffer.from(code, 'base64'), print };
}

let one: Key;
let two: Key;
beforeAll(() => {
  one = makeKey('one', 'ed25519');
  two = makeKey('two', 'ecdsa');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function hostsOf(text: string): Promise<KnownHosts> {
  const file = join(folder, 'known_hosts');
  writeFileSync(file, text);
  return KnownHosts.read([file], undefined);
}

describe('fingerprints', () => {
  it('are those of ssh-keygen', () => {
    expect(fingerprint(one.raw)).toBe(one.print);
    expect(fingerprint(two.raw)).toBe(two.print);
    expect(keyType(two.raw)).toBe('ecdsa-sha2-nistp256');
    expect(keyType(Buffer.from([0, 0]))).toBe('unknown');
  });
});

describe('known_hosts', () => {
  it('knows plain names, patterns and ports, and no other host', async () => {
    const hosts = await hostsOf(
      `win1,10.0.0.1 ${one.type} ${one.code} a comment\n[win1]:2222 ${two.type} ${two.code}\n*.lab,!old.lab ${one.type} ${one.code}\n`,
    );
    expect(hosts.judge('WIN1', 22, one.raw)).toEqual({ kind: 'known' });
    expect(hosts.judge('10.0.0.1', 22, one.raw)).toEqual({ kind: 'known' });
    expect(hosts.judge('win1', 2222, two.raw)).toEqual({ kind: 'known' });
    expect(hosts.judge('win1', 2200, one.raw)).toEqual({ kind: 'unknown' });
    expect(hosts.judge('a.lab', 22, one.raw)).toEqual({ kind: 'known' });
    expect(hosts.judge('old.lab', 22, one.raw)).toEqual({ kind: 'unknown' });
    expect(hosts.keyTypes('win1', 2222)).toEqual([two.type]);
  });

  it('names both keys when one has changed', async () => {
    const hosts = await hostsOf(`win1 ${one.type} ${one.code}\n`);
    expect(hosts.judge('win1', 22, two.raw)).toEqual({
      kind: 'changed',
      known: [`${one.print} (ssh-ed25519)`],
    });
  });

  it('reads what ssh-keygen hashes', async () => {
    const file = join(folder, 'hashed');
    writeFileSync(file, `[win1]:2222 ${one.type} ${one.code}\nwin2 ${two.type} ${two.code}\n`);
    keygen('-H', '-f', file);
    expect(readFileSync(file, 'utf8')).not.toContain('win1');
    const hosts = await KnownHosts.read([file], undefined);
    expect(hosts.judge('win1', 2222, one.raw)).toEqual({ kind: 'known' });
    expect(hosts.judge('win2', 22, two.raw)).toEqual({ kind: 'known' });
    expect(hosts.judge('win1', 22, one.raw)).toEqual({ kind: 'unknown' });
  });

  it('refuses a revoked key on every host, also one that knows it', async () => {
    const hosts = await hostsOf(
      `win1 ${one.type} ${one.code}\n@revoked * ${one.type} ${one.code}\n`,
    );
    expect(hosts.judge('win1', 22, one.raw)).toEqual({ kind: 'revoked' });
    expect(hosts.judge('other', 22, one.raw)).toEqual({ kind: 'revoked' });
  });

  it('says which lines it cannot use, and uses the others', async () => {
    const hosts = await hostsOf(
      `# comment\n\nhalf a line\n@cert-authority * ${one.type} ${one.code}\nwin1 ssh-rsa ${one.code}\nwin2 ${two.type} ${two.code}\r\n`,
    );
    expect(hosts.notes.map((note) => note.replace(/^.*known_hosts:/, ''))).toEqual([
      expect.stringMatching(/^3: /),
      expect.stringMatching(/^4: .*certificates/),
      expect.stringMatching(/^5: .*no ssh-rsa/),
    ]);
    expect(hosts.judge('win2', 22, two.raw)).toEqual({ kind: 'known' });
  });

  it('keeps what is trusted in a file of its own that ssh-keygen finds it in', async () => {
    const own = join(folder, 'sub/folder/known_hosts');
    const hosts = await KnownHosts.read([join(folder, 'nowhere')], own);
    expect(hosts.judge('win9', 2222, one.raw)).toEqual({ kind: 'unknown' });
    await hosts.add('win9', 2222, one.raw);
    expect(hosts.judge('win9', 2222, one.raw)).toEqual({ kind: 'known' });
    const again = await KnownHosts.read([], own);
    expect(again.judge('win9', 2222, one.raw)).toEqual({ kind: 'known' });
    expect(keygen('-F', '[win9]:2222', '-f', own)).toContain(one.code);
    expect(statSync(own).mode & 0o777).toBe(0o600);
  });
});
