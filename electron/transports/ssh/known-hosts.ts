import { createHash, createHmac } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
interface KnownHost {
  readonly matches: (name: string) => boolean;
  readonly revoked: boolean;
  readonly keyType: string;
  /** Base64 of the raw key. */
  readonly key: string;
}

/** What the lists say of a host's key. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'changed'; readonly known: readonly string[] };

/** `SHA256:` and unpadded base64 of the raw key's hash, as `ssh-keygen -lf` prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The algorithm a raw key names itself by: a string with its length before it (RFC 4253, 6.6). */
export function keyType(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  if (bytes.length < 4) return 'unknown';
  return bytes.toString('latin1', 4, 4 + Math.min(bytes.readUInt32BE(0), 64));
}

/** Names a host is listed under: bare on the standard port, else `[host]:port`. */
const listedAs = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** Keys of hosts that were trusted before. */
export class KnownHosts {
  private constructor(
    private readonly hosts: KnownHost[],
    /** Lines that are not understood, for the operator. */
    readonly notes: readonly string[],
    private readonly own: string | undefined,
  ) {}

  /**
   * Reads lists; a file that is not there is empty.
   * @param own where newly trusted keys are written
   */
  static async read(files: readonly string[], own: string | undefined): Promise<KnownHosts> {
    const hosts: KnownHost[] = [];
    const notes: string[] = [];
    for (const file of own === undefined ? files : [...files, own]) {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
          notes.push(`${file} cannot be read (${error.message})`);
        return '';
      });
      text.split(/\r?\n/).forEach((line, i) => {
        const read = knownHost(line);
        if (typeof read === 'string') notes.push(`${file}:${i + 1}: ${read}`);
        else if (read !== undefined) hosts.push(read);
      });
    }
    return new KnownHosts(hosts, notes, own);
  }

  /** What is known of a key that a host shows. */
  judge(host: string, port: number, key: Uint8Array): HostKeyVerdict {
    const shown = Buffer.from(key).toString('base64');
    // A revoked key is refused wherever it shows up.
    if (this.hosts.some((each) => each.revoked && each.key === shown)) return { kind: 'revoked' };
    const known = this.of(host, port);
    if (known.some((each) => each.key === shown)) return { kind: 'known' };
    return known.length === 0
      ? { kind: 'unknown' }
      : {
          kind: 'changed',
          known: known.map(
            (each) => `${fingerprint(Buffer.from(each.key, 'base64'))} (${each.keyType})`,
          ),
        };
  }

  /** Key types on record for a host: a server is asked for these first. */
  keyTypes(host: string, port: number): readonly string[] {
    return [...new Set(this.of(host, port).map((each) => each.keyType))];
  }

  /** Trusts a key from now on. */
  async add(host: string, port: number, key: Uint8Array): Promise<void> {
    const line = `${listedAs(host, port)} ${keyType(key)} ${Buffer.from(key).toString('base64')}`;
    const read = knownHost(line);
    if (read !== undefined && typeof read !== 'string') this.hosts.push(read);
    if (this.own === undefined) return;
    await mkdir(dirname(this.own), { recursive: true, mode: 0o700 });
    await appendFile(this.own, `${line}\n`, { mode: 0o600 });
  }

  private of(host: string, port: number): readonly KnownHost[] {
    const name = listedAs(host, port);
    return this.hosts.filter((each) => !each.revoked && each.matches(name));
  }
}

/** A line read; a sentence when it cannot be used; undefined for blanks and comments. */
function knownHost(line: string): KnownHost | string | undefined {
  const fields = line.trim().split(/\s+/);
  if (fields[0] === '' || fields[0]?.startsWith('#')) return undefined;
  const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
  if (marker === '@cert-authority') return 'host certificates are not supported, line ignored';
  if (marker !== undefined && marker !== '@revoked')
    return `unknown marker ${marker}, line ignored`;
  const [names, type, key] = fields;
  if (names === undefined || type === undefined || key === undefined)
    return 'not a line of known_hosts, ignored';
  const raw = Buffer.from(key, 'base64');
  if (keyType(raw) !== type) return `its key is no ${type}, line ignored`;
  return {
    matches: names.startsWith('|1|') ? hashedName(names) : namePatterns(names),
    revoked: marker === '@revoked',
    keyType: type,
    key: raw.toString('base64'),
  };
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed with the salt. */
function hashedName(field: string): (name: string) => boolean {
  const [, , salt = '', hash = ''] = field.split('|');
  const wanted = Buffer.from(hash, 'base64');
  return (name) =>
    createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest().equals(wanted);
}

/** Comma-separated names with `*` and `?`; one that begins with `!` and fits excludes the host. */
function namePatterns(field: string): (name: string) => boolean {
  const patterns = field.split(',');
  return (name) =>
    !patterns.some((each) => each.startsWith('!') && fits(each.slice(1), name)) &&
    patterns.some((each) => !each.startsWith('!') && fits(each, name));
}

/** Whether a name fits a pattern with `*` and `?`, whatever its case. */
export function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}
