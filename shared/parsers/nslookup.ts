import { canonicalIp } from '../model/ip';
import type { DnsLookup } from '../model/system';
import { containerOfCommand } from './container-command';
import type { LineAccount } from './line-account';
import type { TextLine } from './text-line';

const SERVER = /^\s*(?:Server|Serveur|Servidor|服务器|サーバー)\s*:\s*(\S.*?)?\s*$/i;
const NAME = /^\s*(?:Name|Nom|Nombre|名称|名前)\s*:\s*(\S+)\s*$/i;
const LABELLED = /^\s*[^:\s][^:]{2,20}:\s+(\S+)\s*$/;
const FAILURES: readonly RegExp[] = [
  /^\s*\*\*\* (.*?) can't find (\S+): (.+?)\s*$/i,
  /^\s*\*\*\* Request to (\S+) (timed-out|timed out)/i,
  /^\s*\*\* server can't find (\S+): (\S+)/i,
  /^\s*;; connection timed out/i,
  /^\s*(\*\*\* )?No response from server/i,
];
const NOISE =
  /^\s*(DNS request timed out\.?|timeout was \d+ seconds?\.?|Non-authoritative answer:|Aliases:.*|Default Server:.*|\*\*\* Can't find server name.*)\s*$/i;

/** Name and server of an nslookup command. */
function askedOf(command: string): { name: string | undefined; server: string | undefined } {
  const words = (/\bnslookup(?:\.exe)?\b(.*)$/i.exec(command)?.[1] ?? '')
    .split(/[\s"';|]+/)
    .filter((word) => word !== '' && !word.startsWith('-'));
  return { name: words[0], server: words[1] };
}

const addressIn = (text: string): string | undefined =>
  canonicalIp(text.trim().replace(/#\d+$/, ''));

/**
 * One nslookup run. First comes the server with its address, then the name with its addresses, or
 * a line of stars with the reason. Gives nothing when the lines hold no such output.
 */
export function readNslookup(
  command: string,
  lines: readonly TextLine[],
  account: LineAccount,
): DnsLookup[] {
  const asked = askedOf(command);
  let server = asked.server;
  let name: string | undefined;
  let failure: { readonly text: string; readonly line: number } | undefined;
  let seen = false;
  let answering = false;
  const answers: string[] = [];
  const evidence: number[] = [];
  for (const { n, text } of lines) {
    const isServer = SERVER.exec(text);
    const named = NAME.exec(text);
    if (isServer && !named) {
      seen = true;
      server ??= isServer[1];
    } else if (named) {
      seen = true;
      answering = true;
      name = named[1];
    } else if (FAILURES.some((pattern) => pattern.test(text))) {
      seen = true;
      failure = { text: text.trim(), line: n };
      name ??= /can't find (\S+?):/i.exec(text)?.[1];
    } else if (NOISE.test(text)) {
      if (/timed out/i.test(text)) failure ??= { text: text.trim(), line: n };
      seen = true;
    } else {
      const value = LABELLED.exec(text)?.[1] ?? (answering ? text.trim() : '');
      const address = addressIn(value);
      if (!seen || address === undefined) continue;
      if (answering) answers.push(address);
      else if (server === undefined || addressIn(server) === undefined) server = address;
      if (answering) evidence.push(n);
    }
    account.claim(n);
  }
  if (!seen) return [];
  const ok = answers.length > 0;
  const last = lines.findLast(({ text }) => text.trim() !== '')?.n ?? 0;
  if (!ok && failure === undefined && account.endsInside(last)) {
    account.note('truncated', 'The answer is cut before its address', last);
    return [];
  }
  const at = ok ? evidence : failure ? [failure.line] : lines.slice(0, 1).map(({ n }) => n);
  return [
    {
      name: asked.name ?? name ?? '',
      server,
      container: containerOfCommand(command),
      ok,
      answers,
      message: ok ? undefined : (failure?.text ?? 'No answer'),
      evidence: at.map((n) => account.at(n)),
    },
  ];
}
