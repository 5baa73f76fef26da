import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secrets, type Keyring } from './secrets';

/** A keyring that turns texts around, which is enough to see who asked it. */
const keyring = (backend: string, available = true): Keyring => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text) => Buffer.from([...text].reverse().join('')),
  decryptString: (bytes) => [...bytes.toString()].reverse().join(''),
});

const secret = 'canary-4f2a';
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  file = path.join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('secrets', () => {
  test('are kept where there is a keyring, encrypted, for this user only', () => {
    new Secrets(file, keyring('gnome_libsecret')).hold('node', secret, true);
    expect(readFileSync(file, 'utf8')).not.toContain(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const later = new Secrets(file, keyring('gnome_libsecret'));
    expect(later.get('node')).toBe(secret);
    expect(later.secretOf('node')).toBe('kept');
  });

  test.each([
    ['basic_text', true],
    ['unknown', true],
    ['gnome_libsecret', false],
  ])('are never written with %s, available %s, and that is said', (backend, available) => {
    const secrets = new Secrets(file, keyring(backend, available));
    secrets.hold('node', secret, true);
    expect(secrets.get('node')).toBe(secret);
    expect(secrets.secretOf('node')).toBe('this-run');
    expect(secrets.state().reason).toMatch(/until the program ends/);
    expect(new Secrets(file, keyring(backend, available)).get('node')).toBeUndefined();
    expect(() => readFileSync(file)).toThrow();
  });

  test('that were refused are asked for again, and stay until a better one is there', () => {
    const secrets = new Secrets(file, keyring('kwallet6'));
    secrets.hold('node', secret, true);
    secrets.doubt('node');
    expect(secrets.get('node')).toBeUndefined();
    expect(secrets.secretOf('node')).toBe('kept');
    secrets.hold('node', 'better', true);
    expect(new Secrets(file, keyring('kwallet6')).get('node')).toBe('better');
  });

  test('go with their connection, and come back with it', () => {
    const secrets = new Secrets(file, keyring('kwallet6'));
    secrets.hold('node', secret, true);
    const bringBack = secrets.take('node');
    expect(readFileSync(file, 'utf8').trim()).toBe('{}');
    expect(secrets.get('node')).toBeUndefined();
    bringBack();
    expect(new Secrets(file, keyring('kwallet6')).get('node')).toBe(secret);
  });

  test('that a keyring cannot read any more are asked for', () => {
    new Secrets(file, keyring('kwallet6')).hold('node', secret, true);
    const other: Keyring = {
      ...keyring('kwallet6'),
      decryptString: () => {
        throw new Error('wrong key');
      },
    };
    expect(new Secrets(file, other).get('node')).toBeUndefined();
  });
});
