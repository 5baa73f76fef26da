import type {
  Authentication,
  Connection,
  ConnectionDraft,
  ConnectionKind,
} from '../../shared/ipc/live-schemas';

/** The ways to a node: what each is called, its usual port, and what is good to know. */
export const kinds: readonly {
  readonly id: ConnectionKind;
  readonly title: string;
  readonly port: number;
  readonly about: string;
  /** The system of the operator that has it. */
  readonly onlyOn?: string;
}[] = [
  {
    id: 'ssh',
    title: 'SSH',
    port: 22,
    about: 'The OpenSSH server of the node. Its key is checked before anything is sent.',
  },
  {
    id: 'winrm-https',
    title: 'WinRM, HTTPS',
    port: 5986,
    about: 'Windows remote management. The certificate is checked before anything is sent.',
  },
  {
    id: 'winrm-http',
    title: 'WinRM, HTTP',
    port: 5985,
    about:
      'Windows remote management as it is set up by default. All messages are sealed; the node needs no TrustedHosts.',
  },
  {
    id: 'windows-remoting',
    title: 'Windows remoting',
    port: 5985,
    about:
      'PowerShell remoting of Windows itself, as the user who is signed in here. Nothing has to be typed.',
    onlyOn: 'win32',
  },
  {
    id: 'this-computer',
    title: 'This computer',
    port: 0,
    about:
      'The node that this program runs on. Start it as administrator: HNS and VFP answer nobody else.',
    onlyOn: 'win32',
  },
  {
    id: 'kubernetes',
    title: 'Kubernetes',
    port: 0,
    about:
      'The API of the cluster, and the node by a HostProcess pod that runs there already. None is made.',
  },
];

export const kindOf = (id: ConnectionKind): (typeof kinds)[number] => {
  const found = kinds.find((kind) => kind.id === id);
  if (found === undefined) throw new Error(`no kind ${id}`);
  return found;
};

interface SignInWay {
  readonly id: Authentication;
  readonly title: string;
  /** For the list of connections. */
  readonly listed: string;
  readonly about?: string;
  /** What is asked for, if anything. */
  readonly secret?: 'Password' | 'Passphrase';
}

/** How one can sign in over a kind of connection; the first is what is meant until one chooses. */
export const signInWays: Readonly<Record<ConnectionKind, readonly [SignInWay, ...SignInWay[]]>> = {
  ssh: [
    {
      id: 'agent',
      title: 'Agent',
      listed: 'Agent, keys of ~/.ssh/config',
      about:
        'The SSH agent of this computer, then the keys that ~/.ssh/config names for the node. The agent is never forwarded.',
    },
    { id: 'key', title: 'Private key', listed: 'Key', secret: 'Passphrase' },
    { id: 'password', title: 'Password', listed: 'Password', secret: 'Password' },
  ],
  'winrm-https': [
    {
      id: 'auto',
      title: 'Automatic',
      listed: 'Kerberos or NTLM',
      about:
        'Kerberos where this computer has a ticket for the node, else NTLM with the password, bound to the certificate.',
      secret: 'Password',
    },
    { id: 'password', title: 'NTLM', listed: 'NTLM', secret: 'Password' },
    {
      id: 'kerberos',
      title: 'Kerberos',
      listed: 'Kerberos',
      about:
        'The ticket of the user of this computer (kinit, klist). It needs the name of the node.',
    },
    {
      id: 'basic',
      title: 'Basic',
      listed: 'Basic',
      about:
        'Only over a certificate that is trusted. The node sees the password itself, and has to allow Basic, which it does not by default.',
      secret: 'Password',
    },
  ],
  'windows-remoting': [{ id: 'auto', title: 'Windows', listed: 'User of this computer' }],
  'this-computer': [{ id: 'auto', title: 'Windows', listed: 'User of this computer' }],
  kubernetes: [{ id: 'auto', title: 'Kubeconfig', listed: 'Kubeconfig' }],
  'winrm-http': [{ id: 'password', title: 'NTLM, sealed', listed: 'NTLM', secret: 'Password' }],
};

/** The way of signing in that a connection has. */
export function signInWay(kind: ConnectionKind, chosen: Authentication): SignInWay {
  const [first, ...others] = signInWays[kind];
  return others.find(({ id }) => id === chosen) ?? first;
}

/** What the secret of a connection is for: one for something else is not taken for it. */
export function secretPurpose({ kind, authentication }: ConnectionDraft): string {
  const { secret } = signInWay(kind, authentication);
  return `${kind.startsWith('winrm') ? 'winrm' : kind} ${secret ?? 'none'}`;
}

/** How a connection signs in, for the list. */
export function signInText({ kind, authentication, key, secret }: Connection): string {
  const { id, listed } = signInWay(kind, authentication);
  const known = { none: '', 'this-run': ', known for this run', kept: ', remembered' }[secret];
  return `${listed}${id === 'key' ? ` ${key?.name ?? ''}` : ''}${known}`;
}

/** Whether it has to be said who signs in: a ticket says it by itself, ~/.ssh/config may. */
export const needsUser = ({ kind, authentication }: ConnectionDraft): boolean =>
  (kind === 'winrm-https' || kind === 'winrm-http') &&
  authentication !== 'kerberos' &&
  authentication !== 'auto';

/** Whether enough was said to begin. */
export const isWhole = (draft: ConnectionDraft): boolean =>
  draft.kind === 'kubernetes' ||
  draft.kind === 'this-computer' ||
  (draft.host.trim() !== '' && (!needsUser(draft) || draft.user.trim() !== ''));

/** What a list calls a connection. */
export const connectionName = ({ kind, name, host, cluster }: ConnectionDraft): string =>
  name || (kind === 'this-computer' ? 'This computer' : host || cluster?.context || 'Cluster');

/** Where a connection leads, with its port. */
export function whereTo({ kind, host, port, cluster }: ConnectionDraft): string {
  if (kind === 'kubernetes') return cluster?.context || 'current context';
  if (kind === 'this-computer') return 'here';
  return `${host}:${port ?? kindOf(kind).port}`;
}
