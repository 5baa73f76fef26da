import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionDraft } from '../../../shared/ipc/live-schemas';
import { addressOf, Connections, nameOf, targetOf } from './connections';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'connections-'));
  file = path.join(folder, 'connections.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): Connections => new Connections(file, () => 'none');
const draft = (more: Partial<ConnectionDraft>): ConnectionDraft => ({
  id: 'a',
  name: '',
  kind: 'ssh',
  host: 'node1',
  port: null,
  user: 'op',
  authentication: 'agent',
  key: null,
  jump: '',
  cluster: null,
  what: { include: [], logLines: null, eventHours: null, sectionSeconds: null },
  ...more,
});

describe('the connection list', () => {
  test('is kept, for this user only; the one used last comes first', () => {
    const first = open();
    first.save(draft({ id: 'a', host: 'node1' }));
    first.save(draft({ id: 'b', host: 'node2' }));
    first.used('b', 5);
    expect(
      open()
        .list()
        .map(({ id, lastUsed }) => [id, lastUsed]),
    ).toEqual([
      ['b', 5],
      ['a', null],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('gives tokens in place of paths, and takes them back', () => {
    const connections = open();
    const key = connections.token('/home/op/.ssh/id_ed25519');
    connections.save(draft({ authentication: 'key', key }));
    const [shown] = connections.list();
    expect(shown?.key).toEqual({ token: key.token, name: 'id_ed25519' });
    expect(JSON.stringify(shown)).not.toContain('/home/op');
    expect(connections.get('a')?.keyFile).toBe('/home/op/.ssh/id_ed25519');
    const [later] = open().list();
    expect(later?.key?.name).toBe('id_ed25519');
  });

  test('leaves out what makes no sense and keeps the rest', () => {
    open().save(draft({}));
    const kept = JSON.parse(readFileSync(file, 'utf8')) as unknown[];
    writeFileSync(file, JSON.stringify([{ id: 7 }, ...kept]));
    expect(
      open()
        .list()
        .map(({ id }) => id),
    ).toEqual(['a']);
  });

  test('brings back the one deleted last', () => {
    const connections = open();
    connections.save(draft({}));
    connections.delete('a');
    expect(connections.list()).toEqual([]);
    connections.undoDelete();
    expect(connections.list()).toHaveLength(1);
  });

  test('takes no node without an address', () => {
    expect(() => open().save(draft({ host: '' }))).toThrow(/address/);
    open().save(draft({ host: '', kind: 'kubernetes' }));
    open().save(draft({ id: 'b', host: '', kind: 'this-computer' }));
  });
});

test.each([
  [draft({}), 'node1', 'op@node1', { kind: 'ssh', jumps: [] }],
  [draft({ port: 2222, jump: 'a@b, c' }), 'node1', 'op@node1:2222', { jumps: ['a@b', 'c'] }],
  [
    draft({ kind: 'winrm-https', authentication: 'kerberos', user: '' }),
    'node1',
    'node1',
    { kind: 'winrm', tls: true, method: 'kerberos' },
  ],
  [draft({ kind: 'winrm-http', host: 'fe80::1' }), 'fe80::1', 'op@[fe80::1]', { method: 'ntlm' }],
  [
    draft({ kind: 'kubernetes', cluster: { kubeconfig: null, context: 'lab' } }),
    'node1',
    'kube://lab/node1',
    { node: 'node1', cluster: { kubeconfig: null, context: 'lab' } },
  ],
  [draft({ kind: 'windows-remoting', user: '' }), 'node1', 'node1', { kind: 'remoting' }],
  [draft({ kind: 'this-computer', host: '' }), hostname(), hostname(), { kind: 'this-computer' }],
])('a connection leads somewhere %#', (given, name, address, target) => {
  const connection = open().resolve(given);
  expect(nameOf(connection)).toBe(name);
  expect(addressOf(connection)).toBe(address);
  expect(targetOf(connection)).toMatchObject(target);
});
