import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { TransportError } from '../transport';

/** A context as it may be shown: nothing of it is secret. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: string;
  /** Address of the API server. */
  readonly server: string;
  readonly user: string;
  readonly namespace: string;
  readonly current: boolean;
  /** Why this context cannot be used, as far as the files tell. */
  readonly problem: string | undefined;
}

/** What a context says of the way to its API server and of who signs in. Paths are absolute. */
export interface ClusterAccess {
  readonly context: KubeContext;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** The file that the user stands in; its credential plugin was agreed to for this content. */
  readonly userFile: { readonly path: string; readonly sha256: string };
}

const text = z.string().min(1).optional();
const clusterEntry = z.object({
  server: z.string(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': text,
  'proxy-url': text,
});
const plugin = z.object({
  apiVersion: text,
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  interactiveMode: text,
  provideClusterInfo: z.boolean().optional(),
});
const userEntry = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  as: text,
  'as-groups': z.array(z.string()).optional(),
  'as-uid': z.unknown().optional(),
  'as-user-extra': z.unknown().optional(),
  exec: plugin.nullish().transform((each) => each ?? undefined),
  'auth-provider': z
    .object({ name: z.string(), config: z.record(z.string(), z.unknown()).nullish() })
    .nullish()
    .transform((each) => each ?? undefined),
});
const contextEntry = z.object({ cluster: z.string(), user: text, namespace: text });
export type ClusterEntry = z.infer<typeof clusterEntry>;
export type UserEntry = z.infer<typeof userEntry>;
export type PluginEntry = z.infer<typeof plugin>;

/** A named list of a kubeconfig; entries are judged one by one, so that a bad one spoils no other. */
const named = z.array(z.object({ name: z.string() }).loose()).nullish();
const document = z.object({
  'current-context': z.string().nullish(),
  clusters: named,
  contexts: named,
  users: named,
});

/** A context without a user asks anonymously. */
const NOBODY: UserEntry = { exec: undefined, 'auth-provider': undefined };

interface Placed<T> {
  readonly value: T | undefined;
  readonly file: { readonly path: string; readonly sha256: string };
}

const FILE_BYTES = 4 * 1024 ** 2;

/** The files that kubectl would read: one that is named, else those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(
  named: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  if (named !== undefined) return [named];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

/**
 * Clusters, users and contexts of kubeconfig files, merged as kubectl does it: what stands first
 * counts, and paths are relative to the file they stand in (kubernetes.io, "Organizing Cluster
 * Access Using kubeconfig Files").
 */
export class Kubeconfig {
  readonly contexts: readonly KubeContext[];

  private constructor(
    private readonly clusters: ReadonlyMap<string, Placed<ClusterEntry>>,
    private readonly users: ReadonlyMap<string, Placed<UserEntry>>,
    contexts: ReadonlyMap<string, Placed<z.infer<typeof contextEntry>>>,
    current: string | undefined,
    private readonly from: string,
  ) {
    this.contexts = [...contexts].map(([name, { value }]) => {
      const cluster = clusters.get(value?.cluster ?? '')?.value;
      return {
        name,
        cluster: value?.cluster ?? '',
        server: shownServer(cluster?.server ?? ''),
        user: value?.user ?? '',
        namespace: value?.namespace ?? 'default',
        current: name === current,
        problem:
          value === undefined
            ? 'its entry in the kubeconfig cannot be read'
            : cluster === undefined
              ? `its cluster "${value.cluster}" is not in the kubeconfig`
              : (problemOfCluster(cluster) ??
                problemOfUser(value.user === undefined ? NOBODY : users.get(value.user)?.value)),
      };
    });
  }

  /**
   * Reads the files; of several, those that are not there are passed over.
   * @throws TransportError when none is there, or one cannot be read
   */
  static async read(files: readonly string[]): Promise<Kubeconfig> {
    const clusters = new Map<string, Placed<ClusterEntry>>();
    const users = new Map<string, Placed<UserEntry>>();
    const contexts = new Map<string, Placed<z.infer<typeof contextEntry>>>();
    let current: string | undefined;
    let read = 0;
    for (const path of files) {
      const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw new TransportError('configuration', `${path} cannot be read (${error.code ?? '?'})`);
      });
      if (bytes === undefined) continue;
      read += 1;
      const parsed = document.safeParse(yamlOf(bytes, path));
      if (!parsed.success)
        throw new TransportError('configuration', `${path} is no kubeconfig: its lists are none`);
      const { data } = parsed;
      const file = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
      const base = dirname(path);
      take(clusters, data.clusters, 'cluster', file, (raw) => {
        const { data: each } = clusterEntry.safeParse(raw);
        return each && absolute(each, base, ['certificate-authority']);
      });
      take(users, data.users, 'user', file, (raw) => {
        const { data: each } = userEntry.safeParse(raw ?? {});
        return each && absolute(each, base, ['client-certificate', 'client-key', 'tokenFile']);
      });
      take(contexts, data.contexts, 'context', file, (raw) => contextEntry.safeParse(raw).data);
      current ??= data['current-context'] || undefined;
    }
    const from = files.join(', ');
    if (read === 0)
      throw new TransportError(
        'configuration',
        `There is no kubeconfig: ${from} does not exist. Choose one, or name it by KUBECONFIG (on the command line: --kubeconfig).`,
      );
    return new Kubeconfig(clusters, users, contexts, current, from);
  }

  /**
   * What a context says; the current one where none is named.
   * @throws TransportError when it is not there or cannot be used
   */
  access(name: string | undefined): ClusterAccess {
    const context = this.contexts.find((each) =>
      name === undefined ? each.current : each.name === name,
    );
    if (context === undefined) {
      const known = this.contexts.map((each) => each.name).join(', ');
      throw new TransportError(
        'configuration',
        `${name === undefined ? 'No current context is set' : `There is no context "${name}"`} in ${this.from}; it has ${known === '' ? 'none' : known}.`,
      );
    }
    const cluster = this.clusters.get(context.cluster)?.value;
    const user = this.users.get(context.user);
    if (context.problem !== undefined || cluster === undefined)
      throw new TransportError(
        'configuration',
        `The context "${context.name}" cannot be used: ${context.problem ?? 'it has no cluster'}.`,
      );
    const userFile = user?.file ?? { path: this.from, sha256: '' };
    return { context, cluster, user: user?.value ?? NOBODY, userFile };
  }
}

/** The first entry of a name counts, also over several files. */
function take<T>(
  into: Map<string, Placed<T>>,
  list: z.infer<typeof named>,
  key: string,
  file: Placed<T>['file'],
  read: (raw: unknown) => T | undefined,
): void {
  for (const entry of list ?? [])
    if (!into.has(entry.name)) into.set(entry.name, { value: read(entry[key]), file });
}

function absolute<T extends object>(entry: T, base: string, keys: readonly (keyof T)[]): T {
  const out = { ...entry };
  for (const key of keys) {
    const path = out[key];
    if (typeof path === 'string' && !isAbsolute(path)) out[key] = join(base, path) as T[keyof T];
  }
  return out;
}

/** The text of the file is in no message: a parser's excerpt might show a token. */
function yamlOf(bytes: Buffer, path: string): unknown {
  if (bytes.length > FILE_BYTES)
    throw new TransportError('configuration', `${path} is too large for a kubeconfig`);
  const yaml = parseDocument(bytes.toString('utf8'));
  const [first] = yaml.errors;
  if (first !== undefined)
    throw new TransportError(
      'configuration',
      `${path}:${first.linePos?.[0].line ?? 1}: this is no YAML (${first.code.toLowerCase().replaceAll('_', ' ')})`,
    );
  try {
    return yaml.toJS({ maxAliasCount: 100 });
  } catch {
    throw new TransportError('configuration', `${path} has aliases that cannot be followed`);
  }
}

function problemOfCluster(cluster: ClusterEntry): string | undefined {
  if (cluster['insecure-skip-tls-verify'] === true)
    return 'its cluster says insecure-skip-tls-verify, so anybody in between could read the credentials; put the certificate of its authority there instead (certificate-authority-data)';
  if (!URL.canParse(cluster.server)) return 'its server is no address';
  const { protocol, username } = new URL(cluster.server);
  if (protocol !== 'https:')
    return 'its server is not https, so credentials and answers would go over the network in clear';
  if (username !== '') return 'its server has a user in its address';
  return undefined;
}

function problemOfUser(user: UserEntry | undefined): string | undefined {
  if (user === undefined) return 'its user is not in the kubeconfig or cannot be read';
  const provider = user['auth-provider'];
  if (provider !== undefined && provider.name !== 'oidc')
    return `its user signs in by the auth-provider "${provider.name}", which Kubernetes has given up; newer tools write an exec plugin instead`;
  if (user.username !== undefined)
    return 'its user signs in by name and password, which API servers no longer take (since 1.19)';
  if (user['as-uid'] !== undefined || user['as-user-extra'] !== undefined)
    return 'its user acts as another with as-uid or as-user-extra, which is not supported';
  if (user.exec?.interactiveMode === 'Always')
    return 'its credential plugin wants to ask questions on a terminal (interactiveMode Always)';
  return undefined;
}

/** An address without what may be secret in it. */
function shownServer(server: string): string {
  if (!URL.canParse(server)) return '';
  const url = new URL(server);
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}
