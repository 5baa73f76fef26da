import { TransportError } from '../transport';
import type { Exchange, Reply } from './exchange';
import type { KerberosTicket } from './kerberos';
import { ntlmAuthenticate, ntlmNegotiate, type NtlmCredential } from './ntlm';
import { NtlmSession } from './ntlm-session';
import { SOAP_TYPE } from './sealed-message';

/** What signs in. */
export type WinrmLogin =
  | { readonly kind: 'ntlm'; readonly credential: NtlmCredential }
  /** A ticket for each login; over TLS only, since there is no sealing with it. */
  | { readonly kind: 'kerberos'; readonly ticket: () => Promise<KerberosTicket> }
  /** The password itself goes over: over TLS only, and only where the operator chose it. */
  | { readonly kind: 'basic'; readonly user: string; readonly authorization: string };

const CLOCK_MINUTES = 5;

/**
 * NTLM within Negotiate (MS-NLMP): an empty message each way, before any of SOAP.
 * @throws TransportError when the node does not offer it or refuses
 */
export async function signInWithNtlm(
  exchange: Exchange,
  credential: NtlmCredential,
): Promise<NtlmSession> {
  const { host } = exchange.target;
  const first = ntlmNegotiate();
  const offer = await negotiate(exchange, first.toString('base64'));
  refuseOtherService(exchange, offer);
  const token = tokenOf(offer);
  if (token === undefined) throw notOffered(host, 'NTLM within Negotiate', offer);
  const answer = ntlmAuthenticate(
    credential,
    first,
    Buffer.from(token, 'base64'),
    exchange.binding,
  );
  const reply = await negotiate(exchange, answer.message.toString('base64'));
  const { user, domain } = credential;
  if (reply.status === 401)
    throw denied(host, domain === '' ? user : `${domain}\\${user}`, answer.nodeTime);
  refuseStatus(reply);
  return new NtlmSession(answer.exported);
}

/**
 * Kerberos within Negotiate: one token each way, the node's proves that it is the node.
 * @param body what the token goes with; a node may want one for each message
 * @throws TransportError when the node refuses, or does not prove who it is
 */
export async function signInWithKerberos(
  exchange: Exchange,
  ticket: KerberosTicket,
  body: Buffer = Buffer.alloc(0),
): Promise<Reply> {
  const { host } = exchange.target;
  const reply = await exchange.send(body, SOAP_TYPE, `Negotiate ${ticket.token}`);
  if (reply.status === 401) {
    if (!/\b(Negotiate|Kerberos)\b/i.test(reply.challenges))
      throw notOffered(host, 'Kerberos within Negotiate', reply);
    throw await ticket.refused(tokenOf(reply), clockSentence(reply.nodeTime));
  }
  refuseOtherService(exchange, reply);
  refuseStatus(reply);
  await ticket.verify(tokenOf(reply));
  return reply;
}

/** Basic: the first message shows whether it is taken. @throws TransportError when it is not */
export async function signInWithBasic(
  exchange: Exchange,
  { user, authorization }: Extract<WinrmLogin, { kind: 'basic' }>,
): Promise<void> {
  const { host, tls } = exchange.target;
  // Checked where it would leave, whatever was checked before.
  if (!tls)
    throw new TransportError('authentication', 'Basic is for HTTPS only. Nothing was sent.');
  const reply = await exchange.send(Buffer.alloc(0), SOAP_TYPE, authorization);
  if (reply.status === 401 && !/\bBasic\b/i.test(reply.challenges))
    throw notOffered(host, 'Basic (as Windows comes it is off, and should stay so)', reply);
  if (reply.status === 401) throw denied(host, user, reply.nodeTime);
  refuseOtherService(exchange, reply);
  refuseStatus(reply);
}

const negotiate = (exchange: Exchange, token: string): Promise<Reply> =>
  exchange.send(Buffer.alloc(0), SOAP_TYPE, `Negotiate ${token}`);

const tokenOf = ({ challenges }: Reply): string | undefined =>
  /(?:^|,\s*)(?:Negotiate|Kerberos)\s+([A-Za-z0-9+/]+=*)/i.exec(challenges)?.[1];

function refuseOtherService({ target: { host, port } }: Exchange, { status }: Reply): void {
  if (status !== 401 && (status < 200 || (status >= 300 && status !== 500)))
    throw new TransportError(
      'port',
      `${host} port ${port} answers with HTTP ${status} at /wsman: this is not the WinRM service`,
    );
}

function refuseStatus({ status }: Reply): void {
  if (status >= 300 && status !== 500)
    throw new TransportError('authentication', `The login was answered with HTTP ${status}`);
}

function notOffered(host: string, what: string, { challenges }: Reply): TransportError {
  const offers = challenges.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  return new TransportError(
    'authentication',
    `${host} does not take ${what}; it offers: ${offers === '' ? 'nothing' : offers}`,
  );
}

const denied = (host: string, who: string, nodeTime: number): TransportError =>
  new TransportError(
    'authentication',
    `${host} did not accept ${who}: the name or the password is wrong, or the account may not sign in over the network. ` +
      `A local account other than the built-in Administrator has full rights only where LocalAccountTokenFilterPolicy is 1.${clockSentence(nodeTime)}`,
  );

/** Says that clocks differ where they do by more than logins allow. */
function clockSentence(nodeTime: number): string {
  const minutes = Math.round((nodeTime - Date.now()) / 60_000);
  if (!(Math.abs(minutes) >= CLOCK_MINUTES)) return '';
  return ` The node's clock is ${Math.abs(minutes)} minutes ${minutes < 0 ? 'behind' : 'ahead of'} this computer's: logins fail when clocks differ.`;
}
