import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import { TransportError } from '../transport';

/** A ticket for a node's service, to be used once. */
export interface KerberosTicket {
  /** Base64, for Negotiate. */
  readonly token: string;
  /** Checks that the node knows the service's key. @throws TransportError when it does not prove it */
  verify(answer: string | undefined): Promise<void>;
  /** Why the node refused; `more` is what else is known. */
  refused(answer: string | undefined, more: string): Promise<TransportError>;
}

/** What is used of the package `kerberos`, which is optional: it has to be compiled. */
interface KerberosLibrary {
  readonly GSS_MECH_OID_KRB5: number;
  initializeClient(
    service: string,
    options: { readonly mechOID: number; readonly principal?: string },
  ): Promise<{ step(challenge: string): Promise<string>; readonly contextComplete: boolean }>;
}

const load = (): Promise<KerberosLibrary> => import('kerberos').then(({ default: all }) => all);

/**
 * A ticket for `HTTP/host` from the tickets of the user of this computer. The mechanism is Kerberos
 * itself and no negotiation, which could end in another; both sides prove who they are.
 * @param host a name: there are no tickets for addresses
 * @param user whose ticket; undefined for the one there is
 * @throws TransportError when there is none, and why
 */
export async function kerberosTicket(
  host: string,
  user: string | undefined,
  library: () => Promise<KerberosLibrary> = load,
): Promise<KerberosTicket> {
  if (isIP(host) !== 0)
    throw new TransportError(
      'authentication',
      `Kerberos needs the node's name; ${host} is an address`,
    );
  if (process.platform === 'win32' && user !== undefined && !isSignedIn(user, process.env))
    throw new TransportError(
      'authentication',
      `Kerberos signs in with the account of this computer's user, which is not ${user}`,
    );
  const { initializeClient, GSS_MECH_OID_KRB5 } = await library().catch(() => {
    throw new TransportError(
      'authentication',
      'Kerberos is not there: its library was not built for this installation (docs/live-winrm.md says how)',
    );
  });
  const principal = principalOf(user);
  // Windows names services otherwise than GSSAPI.
  const service = process.platform === 'win32' ? `HTTP/${host}` : `HTTP@${host}`;
  try {
    const client = await initializeClient(service, {
      mechOID: GSS_MECH_OID_KRB5,
      ...(principal === undefined ? {} : { principal }),
    });
    return {
      token: await client.step(''),
      verify: async (answer) => {
        await client.step(answer ?? '').catch(() => undefined);
        if (answer === undefined || !client.contextComplete)
          throw new TransportError(
            'authentication',
            `${host} took the ticket and did not prove that it is ${host}. Nothing more was sent.`,
          );
      },
      refused: async (answer, more) => {
        const why = answer === undefined ? '' : await client.step(answer).then(() => '', messageOf);
        return kerberosFailure(host, why, more);
      },
    };
  } catch (error) {
    throw kerberosFailure(host, messageOf(error), '');
  }
}

/** Whether an account of a domain is named, which alone have tickets: not one of the node itself. */
export const isDomainAccount = (user: string): boolean =>
  /^(?!\.\\)[^\\]+\\.+$|^[^\\@]+@[^@]+$/s.test(user);

/** Whether the account is the one that is signed in to this computer (Windows gives no other's ticket). */
export function isSignedIn(
  user: string,
  environment: Readonly<Record<string, string | undefined>>,
  name: string = userInfo().username,
): boolean {
  const [, before, account] = /^([^\\]*)\\(.+)$/s.exec(user) ?? [];
  const [told = user, after] = account === undefined ? user.split('@') : [account];
  const domain = (before ?? after)?.toUpperCase();
  const domains = [environment['USERDOMAIN'], environment['USERDNSDOMAIN']];
  return (
    told.toUpperCase() === name.toUpperCase() &&
    (domain === undefined || domains.some((each) => each?.toUpperCase() === domain))
  );
}

/** Whose ticket is meant: `user@domain` is a principal, whose realm is in capitals. */
function principalOf(user: string | undefined): string | undefined {
  const [, domain = '', name = user] = /^([^\\]*)\\(.+)$/s.exec(user ?? '') ?? [];
  const at = name?.lastIndexOf('@') ?? -1;
  if (name === undefined || name === '') return undefined;
  if (at > 0) return `${name.slice(0, at)}${name.slice(at).toUpperCase()}`;
  // The short name of a domain is no realm: the default one of this computer is taken.
  return domain.includes('.') ? `${name}@${domain.toUpperCase()}` : name;
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300);

/** What the libraries of MIT and Windows say, and what to do. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /clock skew|SEC_E_TIME_SKEW|0x80090324/i,
    'the clocks of this computer, the domain and the node differ by more than 5 minutes: set them right',
  ],
  [
    /server not found in kerberos database|SEC_E_TARGET_UNKNOWN|0x80090303/i,
    "the domain does not know the service HTTP of this name: use the node's full name, or NTLM",
  ],
  [/expired/i, 'the ticket has expired: sign in to the domain again (kinit)'],
  [
    /cannot (?:contact|find) (?:any )?KDC|SEC_E_NO_AUTHENTICATING_AUTHORITY|0x80090311/i,
    'the domain controller does not answer: check DNS and the way to it, port 88',
  ],
  [
    /no (?:kerberos )?credentials|credentials cache|no such file|SEC_E_NO_CREDENTIALS|0x8009030E/i,
    'there is no ticket: sign in to the domain first (kinit)',
  ],
  [
    /isn't for us|key ?table|decrypt integrity|wrong principal|key version/i,
    "the node cannot read the ticket: its account in the domain may have been renewed, or the name is another machine's",
  ],
];

/** A failure of Kerberos in words, with what to do about it. */
export function kerberosFailure(host: string, said: string, more: string): TransportError {
  const advice = ADVICE.find(([pattern]) => pattern.test(said))?.[1];
  const text =
    advice ?? 'the account may not sign in to it over the network, or the ticket is not for it';
  return new TransportError(
    'authentication',
    `Kerberos with ${host}: ${text}.${more}${said === '' ? '' : ` It was said: ${said}`}`,
  );
}
