import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import {
  connectionDraft,
  type Authentication,
  type Connection,
  type ConnectionDraft,
} from '../../../shared/ipc/live-schemas';
import type { LiveTarget } from '../../../shared/ipc/live';
import { JsonFile } from '../json-file';

const stored = connectionDraft.omit({ key: true }).extend({
  keyFile: z.string().nullable(),
  lastUsed: z.number().nullable(),
});
/** A connection as it is kept: without any secret. */
export type StoredConnection = z.infer<typeof stored>;

// One that makes no sense is left out, the others stay.
const list = z
  .array(stored.nullable().catch(null))
  .transform((all) => all.filter((each) => each !== null));

/** The connection list, kept in a file of the profile; the one used last comes first. */
export class Connections {
  readonly #file: JsonFile<StoredConnection[]>;
  #deleted: StoredConnection | undefined;
  /** Key files by the tokens that stand for them in the renderer. */
  readonly #keyFiles = new Map<string, string>();

  constructor(
    file: string,
    private readonly secretOf: (id: string) => Connection['secret'],
  ) {
    this.#file = new JsonFile<StoredConnection[]>(file, list, [], 0o600);
  }

  /** What the renderer may see. */
  list(): Connection[] {
    return this.#file.value.map(({ keyFile, ...rest }) => ({
      ...rest,
      key: keyFile === null ? null : this.key(keyFile),
      secret: this.secretOf(rest.id),
    }));
  }

  get(id: string): StoredConnection | undefined {
    return this.#file.value.find((each) => each.id === id);
  }

  /** What stands for a key file in the renderer: always the same for the same file. */
  key(file: string): NonNullable<Connection['key']> {
    const known = [...this.#keyFiles].find(([, each]) => each === file)?.[0];
    const token = known ?? randomUUID();
    this.#keyFiles.set(token, file);
    return { token, name: path.basename(file) };
  }

  /** A draft of the window with its key's path in place of the token. */
  resolve({ key, ...draft }: ConnectionDraft): StoredConnection {
    const keyFile = key === null ? null : (this.#keyFiles.get(key.token) ?? null);
    return { ...draft, keyFile, lastUsed: this.get(draft.id)?.lastUsed ?? null };
  }

  save(draft: ConnectionDraft): void {
    this.#put(this.resolve(draft));
  }

  used(id: string, at: number): void {
    const known = this.get(id);
    if (known !== undefined) this.#put({ ...known, lastUsed: at });
  }

  /** Takes one off the list; the last one can be brought back. */
  delete(id: string): void {
    this.#deleted = this.get(id);
    this.#file.set(this.#file.value.filter((each) => each.id !== id));
  }

  undoDelete(): void {
    if (this.#deleted !== undefined) this.#put(this.#deleted);
    this.#deleted = undefined;
  }

  #put(connection: StoredConnection): void {
    const others = this.#file.value.filter((each) => each.id !== connection.id);
    const all = [...others, connection];
    this.#file.set(all.toSorted((a, b) => (b.lastUsed ?? 0) - (a.lastUsed ?? 0)));
  }
}

/** What the list calls it. */
export const nameOf = ({ name, host }: StoredConnection): string => (name === '' ? host : name);

/** `operator@node:5986`, with the port only where it is not the usual one. */
export function addressOf({ kind, host, port, user }: StoredConnection): string {
  const usual = { ssh: 22, 'winrm-https': 5986, 'winrm-http': 5985 }[kind];
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${user === '' ? '' : `${user}@`}${shown}${port === null || port === usual ? '' : `:${port}`}`;
}

/** Where the live process goes for a connection. */
export function targetOf(connection: StoredConnection): LiveTarget {
  const { kind, host, port, user, authentication, keyFile, jump } = connection;
  switch (kind) {
    case 'ssh':
      return {
        kind,
        host,
        port,
        user,
        authentication: sshMethod(authentication),
        keyFile,
        jumps: jump.split(',').flatMap((each) => each.trim() || []),
      };
    case 'winrm-https':
    case 'winrm-http':
      return {
        kind: 'winrm',
        host,
        port,
        tls: kind === 'winrm-https',
        user,
        method: winrmMethod(authentication),
      };
  }
}

const sshMethod = (
  chosen: Authentication,
): Extract<LiveTarget, { kind: 'ssh' }>['authentication'] =>
  chosen === 'key' || chosen === 'password' ? chosen : 'agent';

const winrmMethod = (chosen: Authentication): Extract<LiveTarget, { kind: 'winrm' }>['method'] =>
  chosen === 'auto' || chosen === 'kerberos' || chosen === 'basic' ? chosen : 'ntlm';
