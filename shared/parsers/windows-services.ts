import type { WindowsService } from '../model/system';
import { LineAccount, pastedLines } from './line-account';
import type { ParseResult, Parser, Region } from './parser';
import { hasColumns, printedNumber, printedObjects } from './printed-objects';
import { promptAt } from './powershell/prompt';

type Status = WindowsService['status'];

/** SERVICE_STATUS.dwCurrentState: the number stands before the word, which may be translated. */
const STATE_NUMBERS: ReadonlyMap<string, Status> = new Map([
  ['1', 'stopped'],
  ['2', 'pending'],
  ['3', 'pending'],
  ['4', 'running'],
  ['5', 'pending'],
  ['6', 'pending'],
  ['7', 'paused'],
]);

const WORDS: readonly (readonly [RegExp, Status])[] = [
  [/^(running|wird ausgeführt)$/i, 'running'],
  [/^(stopped|beendet)$/i, 'stopped'],
  [/^paused$/i, 'paused'],
  [/pending$/i, 'pending'],
];

const statusOf = (word: string | undefined): Status =>
  WORDS.find(([pattern]) => pattern.test(word ?? ''))?.[1] ?? 'unknown';

const BLOCK = /^\s*SERVICE_NAME\s*:\s*(\S.*?)\s*$/;
const FIELD = /^\s*([A-Z][A-Z0-9_ ]+?)\s*:\s?(.*)$/;
const COMMAND = /\b(Get-Service|gsv|sc(\.exe)?\s+(queryex|query|qc)|Win32_Service)\b/i;
/** A command that asks for single services: what it does not show may still exist. */
const SELECTIVE =
  /\b(?:Get-Service|gsv)\s+(?!\||-ErrorAction|-ea\b|$)\S|\bsc(?:\.exe)?\s+(?:queryex|query|qc)\s+(?!type=|state=|\||$)\S/i;
const MANY = 20;
const REQUIRED = [['name'], ['status', 'state'], ['displayname', 'starttype', 'startmode']];
/** Other objects with a name and a status: firewall rules, adapters, endpoints. */
const FORBIDDEN = ['creationclassname', 'instanceid', 'ifindex', 'macaddress', 'id'];
/** Get-Service prints these as a list; an installer echoes only name and status of what it just made. */
const OF_LISTS = ['dependentservices', 'requiredservices', 'servicetype', 'starttype', 'startmode'];

interface Block {
  readonly name: string;
  readonly line: number;
  endLine: number;
  readonly fields: Map<string, { readonly value: string; readonly line: number }>;
}

function blocksOf(region: Region, account: LineAccount): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const { n, text } of pastedLines(region)) {
    const head = BLOCK.exec(text);
    if (head) {
      open = { name: head[1] ?? '', line: n, endLine: n, fields: new Map() };
      blocks.push(open);
      account.claim(n);
      continue;
    }
    if (!open || text.trim() === '') continue;
    const field = FIELD.exec(text);
    if (field)
      open.fields.set((field[1] ?? '').trim(), { value: (field[2] ?? '').trim(), line: n });
    // `(STOPPABLE, NOT_PAUSABLE, ...)` continues the state; anything else ends the block.
    else if (!/^\s*\([^)]*\)?\s*$/.test(text) && !/^\s{20,}:/.test(text)) {
      open = undefined;
      continue;
    }
    open.endLine = n;
    account.claim(n);
  }
  return blocks;
}

function serviceOfBlock(block: Block, account: LineAccount): WindowsService {
  const state = block.fields.get('STATE');
  const startType = /^\d+\s+(.+?)\s*$/.exec(block.fields.get('START_TYPE')?.value ?? '')?.[1];
  const stateLine = state ? [account.at(state.line)] : [];
  return {
    name: block.name,
    displayName: block.fields.get('DISPLAY_NAME')?.value,
    status: STATE_NUMBERS.get(/^\d/.exec(state?.value ?? '')?.[0] ?? '') ?? 'unknown',
    startType,
    pid: printedNumber(block.fields.get('PID')?.value),
    evidence: [...stateLine, account.at(block.line, block.endLine)],
  };
}

/** `Get-Service` as table or list, and the blocks of `sc queryex` and `sc qc`. */
function parse(region: Region): ParseResult {
  const account = new LineAccount(region);
  const lines = pastedLines(region);
  let selective = false;
  for (const { n, text } of lines) {
    const command = promptAt(text)?.command;
    if (command === undefined || !COMMAND.test(command)) continue;
    account.claim(n);
    selective ||=
      SELECTIVE.test(command) || /findstr|Select-String|Where-Object|\?\s*\{/i.test(command);
  }
  const items: WindowsService[] = blocksOf(region, account).map((block) =>
    serviceOfBlock(block, account),
  );
  for (const object of printedObjects(lines, account, REQUIRED, FORBIDDEN, OF_LISTS)) {
    const name = object.value('name');
    if (name === undefined) {
      account.note('skipped', 'The service name is cut or missing', object.line, object.endLine);
      continue;
    }
    items.push({
      name,
      displayName: object.value('displayname'),
      status: statusOf(object.value('status', 'state')),
      startType: object.value('starttype', 'startmode'),
      pid: printedNumber(object.value('processid')),
      evidence: [account.at(object.line, object.endLine)],
    });
  }
  if (items.length === 0) return account.result();
  return account.result({ kind: 'services', items, complete: !selective && items.length >= MANY });
}

export const windowsServicesParser: Parser = {
  kind: 'windows-services',
  title: 'Windows services and whether they run',
  command: 'Get-Service; sc.exe queryex',
  recognise(region, head) {
    if (head.some((line) => BLOCK.test(line))) return 92;
    if (
      head.some((line) => hasColumns([line], 'status', 'name', 'displayname')) ||
      hasColumns(head, 'name', 'status', 'starttype')
    )
      return 90;
    if (hasColumns(head, 'name', 'dependentservices')) return 85;
    return /windowsservices|scqueryex/i.test(region.file.path) ? 38 : 0;
  },
  parse,
};
