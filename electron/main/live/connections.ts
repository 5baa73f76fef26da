import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import {
  connectionDraft,
  type Authentication,
  type ClusterDraft,
  type Connection,
  type ConnectionDraft,
  type FileToken,
} from '../../../shared/ipc/live-schemas';
import { liveCluster, type LiveCluster, type LiveTarget } from '../../../shared/ipc/live';
import { CallFailure } from '../ipc';
import { JsonFile } from '../json-file';

const stored = connectionDraft.omit({ key: true, cluster: true }).extend({
  keyFile: z.string().nullable(),
  cluster: liveCluster.nullable(),
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
  /** Files by the tokens that stand for them in the renderer. */
  readonly #files = new Map<string, string>();

  constructor(
    file: string,
    private readonly secretOf: (id: string) => Connection['secret'],
  ) {
    this.#file = new JsonFile<StoredConnection[]>(file, list, [], 0o600);
  }

  /** What the renderer may see. */
  list(): Connection[] {
    return this.#file.value.map(({ keyFile, cluster, ...rest }) => ({
      ...rest,
      key: keyFile === null ? null : this.token(keyFile),
      cluster:
        cluster === null
          ? null
          : {
              kubeconfig: cluster.kubeconfig === null ? null : this.token(cluster.kubeconfig),
              context: cluster.context ?? '',
            },
      secret: this.secretOf(rest.id),
    }));
  }

  get(id: string): StoredConnection | undefined {
    return this.#file.value.find((each) => each.id === id);
  }

  /** What stands for a file in the renderer: always the same for the same file. */
  token(file: string): FileToken {
    const known = [...this.#files].find(([, each]) => each === file)?.[0];
    const token = known ?? randomUUID();
    this.#files.set(token, file);
    return { token, name: path.basename(file) };
  }

  /** A draft of the window with its key's path in place of the token. */
  resolve({ key, cluster, ...draft }: ConnectionDraft): StoredConnection {
    if (draft.host === '' && draft.kind !== 'kubernetes' && draft.kind !== 'this-computer')
      throw new CallFailure('invalid-arguments', 'The address of the node is missing.');
    return {
      ...draft,
      keyFile: this.path(key),
      cluster: cluster === null ? null : this.cluster(cluster),
      lastUsed: this.get(draft.id)?.lastUsed ?? null,
    };
  }

  /** The file that a token stands for; null for none. */
  path(token: FileToken | null): string | null {
    return token === null ? null : (this.#files.get(token.token) ?? null);
  }

  /** A cluster with its kubeconfig's path in place of the token. */
  cluster({ kubeconfig, context }: ClusterDraft): LiveCluster {
    return { kubeconfig: this.path(kubeconfig), context: context === '' ? null : context };
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
export const nameOf = ({ kind, name, host, cluster }: StoredConnection): string =>
  name || (kind === 'this-computer' ? hostname() : host || cluster?.context || 'cluster');

const usualPorts = {
  ssh: 22,
  'winrm-https': 5986,
  'winrm-http': 5985,
  'windows-remoting': 5985,
} as const;

/** `operator@node:5986`, with the port only where it is not the usual one. */
export function addressOf({ kind, host, port, user, cluster }: StoredConnection): string {
  if (kind === 'kubernetes') return `kube://${cluster?.context ?? ''}/${host}`;
  if (kind === 'this-computer') return hostname();
  const usual = usualPorts[kind];
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${user === '' ? '' : `${user}@`}${shown}${port === null || port === usual ? '' : `:${port}`}`;
}

/** Where the live process goes for a connection. */
export function targetOf(connection: StoredConnection): LiveTarget {
  const { kind, host, port, user, authentication, keyFile, jump, cluster } = connection;
  switch (kind) {
    case 'ssh':
      return {
        kind,
        host,
        port,
        user,
        authentication: sshMethod(authentication),
        keyFile,
        cluster,
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
        cluster,
      };
    case 'windows-remoting':
      return { kind: 'remoting', host, port, cluster };
    case 'this-computer':
      return { kind, cluster };
    case 'kubernetes':
      return {
        kind,
        cluster: cluster ?? { kubeconfig: null, context: null },
        node: host === '' ? null : host,
      };
  }
}

const sshMethod = (
  chosen: Authentication,
): Extract<LiveTarget, { kind: 'ssh' }>['authentication'] =>
  chosen === 'key' || chosen === 'password' ? chosen : 'agent';

const winrmMethod = (chosen: Authentication): Extract<LiveTarget, { kind: 'winrm' }>['method'] =>
  chosen === 'auto' || chosen === 'kerberos' || chosen === 'basic' ? chosen : 'ntlm';
