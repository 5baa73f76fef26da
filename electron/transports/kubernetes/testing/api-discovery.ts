/** Kinds that the fake serves, by API group and version. */
const GROUPS = [
  {
    prefix: '/api/v1',
    group: '',
    kinds: {
      nodes: 'Node',
      pods: 'Pod',
      services: 'Service',
      endpoints: 'Endpoints',
      events: 'Event',
      configmaps: 'ConfigMap',
      namespaces: 'Namespace',
    },
  },
  { prefix: '/apis/apps/v1', group: 'apps', kinds: { daemonsets: 'DaemonSet' } },
  {
    prefix: '/apis/discovery.k8s.io/v1',
    group: 'discovery.k8s.io',
    kinds: { endpointslices: 'EndpointSlice' },
  },
] as const;

const CLUSTER_WIDE = ['nodes', 'namespaces'];

export const VERSION = {
  major: '1',
  minor: '29',
  gitVersion: 'v1.29.4',
  gitCommit: '55019c83b0fd51ef4ced8c29eec2c4847f896e74',
  gitTreeState: 'clean',
  buildDate: '2024-04-16T15:05:51Z',
  goVersion: 'go1.21.9',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** A path below which objects are. */
export interface Collection {
  readonly resource: string;
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export function collectionOf(path: string): Collection | undefined {
  const found = GROUPS.find(({ prefix }) => path.startsWith(`${prefix}/`));
  if (found === undefined) return undefined;
  const parts = path
    .slice(found.prefix.length + 1)
    .split('/')
    .map(decodeURIComponent);
  const within = parts[0] === 'namespaces' && parts.length > 2;
  const namespace = within ? parts[1] : undefined;
  const [resource = '', name] = within ? parts.slice(2) : parts;
  const kind = (found.kinds as Readonly<Record<string, string>>)[resource];
  if (kind === undefined) return undefined;
  const apiVersion = found.prefix.replace(/^\/apis?\//, '');
  return { resource, group: found.group, apiVersion, kind, namespace, name };
}

/** What clients ask before anything else: which groups, versions and kinds there are. */
export const DISCOVERY: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }],
  [
    '/apis',
    {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: GROUPS.filter(({ group }) => group !== '').map(({ group, prefix }) => {
        const version = { groupVersion: prefix.slice('/apis/'.length), version: 'v1' };
        return { name: group, versions: [version], preferredVersion: version };
      }),
    },
  ],
  ...GROUPS.map(({ prefix, kinds }): [string, unknown] => [
    prefix,
    {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: prefix.replace(/^\/apis?\//, ''),
      resources: Object.entries(kinds).map(([name, kind]) => ({
        name,
        singularName: kind.toLowerCase(),
        namespaced: !CLUSTER_WIDE.includes(name),
        kind,
        verbs: ['get', 'list', 'watch'],
      })),
    },
  ]),
]);

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  410: 'Gone',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
};

/** A Status, as errors are answered with (meta/v1). */
export function status(
  code: number,
  message: string,
  reason = REASONS[code] ?? 'InternalError',
): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
  };
}
