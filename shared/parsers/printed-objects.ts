import type { LineRange } from '../model/evidence';
import type { LineAccount } from './line-account';
import { readObjectLists } from './powershell/object-list';
import { readObjectTables } from './powershell/object-table';
import { promptAt } from './powershell/prompt';
import type { TextLine } from './text-line';

/** An object that PowerShell printed, whether as a row of a table or as a list of properties. */
export interface PrintedObject extends LineRange {
  readonly form: 'table' | 'list';
  /** The first of these properties that is there, not empty and not cut short. */
  value(...names: readonly string[]): string | undefined;
  /** Where the first of these properties stands; in a table that is the row. */
  at(...names: readonly string[]): LineRange | undefined;
}

/**
 * All objects printed in these lines that have at least the given properties; each group names
 * alternatives (`ifindex` in tables is `interfaceindex` in lists). Objects with a forbidden
 * property are of another kind; a list must also have one of `ofLists`, where given. Lines read are claimed, headers and dashes included.
 */
export function printedObjects(
  lines: readonly TextLine[],
  account: LineAccount,
  required: readonly (readonly string[])[],
  forbidden: readonly string[] = [],
  ofLists: readonly string[] = [],
): PrintedObject[] {
  const objects: PrintedObject[] = [];
  const fits = (has: (name: string) => boolean): boolean =>
    required.every((names) => names.some(has)) && !forbidden.some(has);
  for (const table of readObjectTables(lines)) {
    const columns = new Set(table.columns.map((column) => column.toLowerCase()));
    if (!fits((name) => columns.has(name))) continue;
    account.claim(table.line, table.endLine);
    for (const { line, cells, cut } of table.rows) {
      objects.push({
        form: 'table',
        line,
        endLine: line,
        at: (...names) =>
          names.some((name) => cells.has(name)) ? { line, endLine: line } : undefined,
        value: (...names) =>
          firstOf(names, (name) => (cut.has(name) ? undefined : cells.get(name))),
      });
    }
  }
  for (const { properties, line, endLine } of readObjectLists(lines)) {
    if (!fits((name) => properties.has(name))) continue;
    if (ofLists.length > 0 && !ofLists.some((name) => properties.has(name))) continue;
    account.claim(line, endLine);
    objects.push({
      form: 'list',
      line,
      endLine,
      at: (...names) => {
        const name = names.find((candidate) => properties.has(candidate));
        return name === undefined ? undefined : properties.get(name);
      },
      value: (...names) => firstOf(names, (name) => properties.get(name)?.value),
    });
  }
  return objects.sort((a, b) => a.line - b.line);
}

function firstOf(
  names: readonly string[],
  value: (name: string) => string | undefined,
): string | undefined {
  for (const name of names) {
    const text = value(name)?.trim();
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** A whole number as PowerShell prints it; undefined for anything else. */
export function printedNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text.trim())) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Does a header of these columns stand in the lines (of a table, or as properties of a list)? */
export function hasColumns(head: readonly string[], ...names: readonly string[]): boolean {
  const has = (text: string, name: string): boolean => {
    const at = text.toLowerCase().indexOf(name);
    return at >= 0 && !/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + name.length] ?? ' ');
  };
  if (head.some((line) => names.every((name) => has(line, name)))) return true;
  return names.every((name) =>
    head.some(
      (line) => line.trimStart().toLowerCase().startsWith(name) && /^\s*\S+\s*:/.test(line),
    ),
  );
}

/** Claims the echoes of the command whose output this is; gives the commands in order. */
export function claimEchoes(
  lines: readonly TextLine[],
  account: LineAccount,
  command: RegExp,
): { readonly n: number; readonly command: string }[] {
  return lines.flatMap(({ n, text }) => {
    const typed = promptAt(text)?.command;
    if (typed === undefined || !command.test(typed)) return [];
    account.claim(n);
    return [{ n, command: typed }];
  });
}
