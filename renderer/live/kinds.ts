import type { Authentication, Connection, ConnectionKind } from '../../shared/ipc/live-schemas';

/** The ways to a node: what each is called, its usual port, and what is good to know. */
export const kinds: readonly {
  readonly id: ConnectionKind;
  readonly title: string;
  readonly port: number;
  readonly about: string;
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
];

export const kindOf = (id: ConnectionKind): (typeof kinds)[number] => {
  const found = kinds.find((kind) => kind.id === id);
  if (found === undefined) throw new Error(`no kind ${id}`);
  return found;
};

/** How one can sign in over SSH. */
export const sshAuthentications: readonly {
  readonly id: Authentication;
  readonly title: string;
}[] = [
  { id: 'agent', title: 'Agent' },
  { id: 'key', title: 'Private key' },
  { id: 'password', title: 'Password' },
];

/** How a connection signs in, for the list. */
export function signInText({ kind, authentication, key, secret }: Connection): string {
  const known =
    secret === 'kept' ? ', remembered' : secret === 'this-run' ? ', known for this run' : '';
  if (kind !== 'ssh') return `Password (NTLM)${known}`;
  switch (authentication) {
    case 'agent':
      return 'Agent, keys of ~/.ssh/config';
    case 'key':
      return `Key ${key?.name ?? ''}${known}`;
    case 'password':
      return `Password${known}`;
  }
}
