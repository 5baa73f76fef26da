import { canonicalIp } from '../model/ip';
import type { DnsLookup } from '../model/system';
import { containerOfCommand } from './container-command';
import { LineAccount, pastedLines } from './line-account';
import { readNslookup } from './nslookup';
import type { ParseResult, Parser, Region } from './parser';
import { hasColumns, printedObjects } from './printed-objects';
import { promptAt } from './powershell/prompt';
import type { TextLine } from './text-line';

const RESOLVE = /\bresolve-dnsname\b/i;
const NSLOOKUP = /\bnslookup(\.exe)?\b/i;
/** `Resolve-DnsName : name : message` (5.1) and `Resolve-DnsName: name : message` (7). */
const ERROR = /^\s*resolve-dnsname\s*:\s*(\S+)\s*:\s*(\S.*?)\s*$/i;
/** Records that hold no address: an answer of these alone says that there is none. */
const NO_ADDRESS = /^(soa|cname|ns|ptr|mx|txt|srv|opt)$/i;
const ERROR_TAIL = /^\s*(At line:\d+|At .*char:\d+|\+\s|\|)/;

/** One run of a lookup: the echo, and the lines up to the next prompt. */
interface Run {
  readonly command: string;
  readonly at: number | undefined;
  readonly lines: readonly TextLine[];
}

function runsOf(lines: readonly TextLine[], account: LineAccount): Run[] {
  const runs: { command: string; at: number | undefined; lines: TextLine[] }[] = [];
  let open: (typeof runs)[number] | undefined = { command: '', at: undefined, lines: [] };
  runs.push(open);
  for (const line of lines) {
    const command = promptAt(line.text)?.command;
    if (command === undefined) {
      open?.lines.push(line);
      continue;
    }
    open = undefined;
    if (!RESOLVE.test(command) && !NSLOOKUP.test(command)) continue;
    account.claim(line.n);
    open = { command, at: line.n, lines: [] };
    runs.push(open);
  }
  return runs;
}

/** Name and server that a Resolve-DnsName command asks for. */
function askedOf(command: string): { name: string | undefined; server: string | undefined } {
  const tail = /\bresolve-dnsname\b(.*)$/i.exec(command)?.[1] ?? '';
  const server = /-Server\s+([^\s"';|]+)/i.exec(tail)?.[1];
  const name =
    /-Name\s+([^\s"';|]+)/i.exec(tail)?.[1] ??
    /^\s+([^\s"';|-][^\s"';|]*)/.exec(tail.replace(/-(Server|Type)\s+\S+/gi, ''))?.[1];
  return { name, server };
}

function readResolve(run: Run, account: LineAccount): DnsLookup[] {
  const asked = askedOf(run.command);
  const container = containerOfCommand(run.command);
  const lookups: DnsLookup[] = [];
  const objects = printedObjects(run.lines, account, [
    ['name'],
    ['type', 'querytype'],
    ['section', 'ttl', 'namehost', 'querytype'],
  ]);
  const answers: string[] = [];
  const lines: number[] = [];
  for (const object of objects) {
    const address = canonicalIp(object.value('ipaddress', 'ip4address', 'ip6address') ?? '');
    if (address !== undefined && !answers.includes(address)) answers.push(address);
    lines.push(object.line);
  }
  const first = objects[0];
  if (first) {
    const answered = objects.filter(
      (object) => !/^(authority|additional)/i.test(object.value('section') ?? ''),
    );
    const ok =
      answers.length > 0 || answered.some((object) => object.value('namehost') !== undefined);
    if (!ok && account.endsInside(lines.at(-1) ?? 0)) {
      account.note('truncated', 'The answer is cut before its address', lines.at(-1) ?? 0);
      return readErrors(run, asked, container, account);
    }
    // An address record always has its address: where none can be read, the table was changed on its
    // way (its blanks became tabs, its lines were cut), and the server may have answered well.
    if (
      !ok &&
      !objects.every((object) => NO_ADDRESS.test(object.value('type', 'querytype') ?? ''))
    ) {
      account.note(
        'skipped',
        'The address of this answer cannot be read',
        first.line,
        lines.at(-1),
      );
      return readErrors(run, asked, container, account);
    }
    lookups.push({
      name: asked.name ?? first.value('name') ?? '',
      server: asked.server,
      container,
      ok,
      answers,
      message: answers.length > 0 ? undefined : 'No address in the answer',
      evidence: lines.map((n) => account.at(n)),
    });
  }
  return [...lookups, ...readErrors(run, asked, container, account)];
}

/** The error record of a lookup: name, message, wrapped over lines, and its place in the script. */
function readErrors(
  run: Run,
  asked: { readonly name: string | undefined; readonly server: string | undefined },
  container: string | undefined,
  account: LineAccount,
): DnsLookup[] {
  const lookups: DnsLookup[] = [];
  let open:
    { name: string; message: string; line: number; endLine: number; tail: boolean } | undefined;
  const finish = (): void => {
    if (open) {
      lookups.push({
        name: open.name,
        server: asked.server,
        container,
        ok: false,
        answers: [],
        message: open.message,
        evidence: [account.at(open.line, open.endLine)],
      });
    }
    open = undefined;
  };
  for (const { n, text } of run.lines) {
    const error = ERROR.exec(text);
    if (error) {
      finish();
      open = {
        name: error[1] ?? asked.name ?? '',
        message: error[2] ?? '',
        line: n,
        endLine: n,
        tail: false,
      };
    } else if (!open || text.trim() === '') {
      finish();
      continue;
    } else if (ERROR_TAIL.test(text) || open.tail) open.tail = true;
    else open.message = `${open.message} ${text.trim()}`;
    account.claim(n);
    if (open) open.endLine = n;
  }
  finish();
  return lookups;
}

function parse(region: Region): ParseResult {
  const account = new LineAccount(region);
  const items: DnsLookup[] = [];
  for (const run of runsOf(pastedLines(region), account)) {
    const found = NSLOOKUP.test(run.command) ? [] : readResolve(run, account);
    const looked = found.length > 0 ? found : readNslookup(run.command, run.lines, account);
    items.push(...looked);
    if (looked.length === 0 && run.at !== undefined) {
      account.note('truncated', 'The lookup shows no answer and no error', run.at);
    }
  }
  return account.result(...(items.length > 0 ? [{ kind: 'dns-lookups', items } as const] : []));
}

/** Name lookups by hand: Resolve-DnsName and nslookup, on the node or inside a container. */
export const dnsLookupParser: Parser = {
  kind: 'dns-lookup',
  title: 'Name lookups made by hand',
  command: 'kubectl exec <pod> -- powershell Resolve-DnsName kubernetes.default.svc.cluster.local',
  recognise(_region, head) {
    const commands = head.map((line) => promptAt(line)?.command ?? '');
    if (commands.some((command) => RESOLVE.test(command) || NSLOOKUP.test(command))) return 90;
    if (head.some((line) => ERROR.test(line))) return 88;
    if (hasColumns(head, 'name', 'type', 'ttl', 'section')) return 88;
    const server = head.findIndex((line) =>
      /^\s*(DNS request timed out|Server:\s+\S|\*\*\* .*(can't find|timed-out))/i.test(line),
    );
    return server >= 0 ? 75 : 0;
  },
  parse,
};
