import { TransportError } from '../transport';
import type { WinrmTarget } from './socket';
import type { WsmanFault } from './wsman';

/** Codes of WSManFault (winerror.h, WsmErrorTxt). */
const ACCESS_DENIED = [5, 0x80070005];
const SHELL_GONE = 2150858843;
const NOTHING_YET = 2150858793;

/** Receive has waited for as long as it may: the command is still running. */
export const isNothingYet = (fault: WsmanFault): boolean => fault.code === NOTHING_YET;

/** A fault of the node in words, with what to do about it. */
export function faultSentence(fault: WsmanFault): TransportError {
  const { code, subcode } = fault;
  const text = fault.text
    .replace(/[\x00-\x1f\x7f\s]+/g, ' ')
    .trim()
    .slice(0, 500);
  const told = `The node said: ${text === '' ? 'nothing' : text} (${subcode}${code === undefined ? '' : ` ${code}`})`;
  if (subcode === 'AccessDenied' || (code !== undefined && ACCESS_DENIED.includes(code)))
    return new TransportError(
      'channel',
      `The login worked, but the account may not open a remote shell: it has to be in Administrators or Remote Management Users of the node. ${told}`,
    );
  if (code === SHELL_GONE)
    return new TransportError(
      'channel',
      `The shell is gone: the node's WinRM service was restarted, or the shell was idle for too long. Collect again. ${told}`,
    );
  if (/concurrent shells|maximum number of shells/i.test(text))
    return new TransportError(
      'channel',
      `Too many shells of this account are open on the node (MaxShellsPerUser). They end when idle; an administrator can end them by restarting the WinRM service. ${told}`,
    );
  if (/number of users|concurrent users/i.test(text))
    return new TransportError(
      'channel',
      `Too many users are connected to the node's WinRM service (MaxConcurrentUsers). Try again later. ${told}`,
    );
  if (subcode === 'QuotaLimit')
    return new TransportError(
      'channel',
      `A quota of the node's WinRM service is used up; "winrm get winrm/config" shows them. ${told}`,
    );
  if (subcode === 'EncodingLimit' || /envelope size|MaxEnvelopeSize/i.test(text))
    return new TransportError(
      'channel',
      `A message is larger than the node allows (MaxEnvelopeSizekb, 500 as Windows comes). ${told}`,
    );
  if (/memory/i.test(text))
    return new TransportError(
      'channel',
      `The shell has used up its memory (MaxMemoryPerShellMB): collect less at once, with --include or --log-lines. ${told}`,
    );
  return new TransportError('channel', told);
}

/** Why a connection could not be made, and what to do. */
export function unreachable(
  error: { readonly code?: unknown; readonly message: string },
  { host, port, tls }: WinrmTarget,
): TransportError {
  const where = `${host} port ${port}`;
  const cause = { cause: error };
  const other = tls
    ? 'a listener for HTTPS has to be set up on a node; without one, winrm:// (port 5985, sealed messages) may work'
    : '"winrm enumerate winrm/config/listener" on the node shows what listens';
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new TransportError('name', `The name ${host} is not known to DNS here`, cause);
    case 'ECONNREFUSED':
      return new TransportError(
        'port',
        `${where} refuses the connection: the WinRM service does not listen there; ${other}`,
        cause,
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new TransportError(
        'port',
        `${where} does not answer: check that the address is right, that the node runs, and that no firewall drops TCP ${port}`,
        cause,
      );
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return new TransportError(
        'port',
        `${where} does not speak TLS: is it the port for HTTP (winrm://)? Nothing was sent.`,
        cause,
      );
  }
  return new TransportError('port', `${where}: ${error.message}`, cause);
}
