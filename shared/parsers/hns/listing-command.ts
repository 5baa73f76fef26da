import type { LineAccount } from '../line-account';
import { promptAt } from '../powershell/prompt';
import type { TextLine } from '../text-line';

const HNS_COMMAND = /\b(get|new)-(hns|hcn)\w*|\bhnsdiag(\.exe)?\b|\bhnsdata\b/i;
/** Filters and single ids: the output is then not the whole listing. */
const FILTERED =
  /\|\s*(\?|where|%|select(-object)?\s+-(first|last|index)|sls|select-string|findstr|head|tail|more)|\s-(id|name)\b|\s[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** An HNS command that was typed at a prompt. */
export interface ListingCommand {
  readonly line: number;
  readonly command: string;
  /** Shows only some objects. */
  readonly filtered: boolean;
}

/** Claims the echoes of HNS commands; gives them in order. */
export function listingCommands(
  lines: readonly TextLine[],
  account: LineAccount,
): ListingCommand[] {
  return lines.flatMap(({ n, text }) => {
    const command = promptAt(text)?.command;
    if (command === undefined || !HNS_COMMAND.test(command)) return [];
    account.claim(n);
    return [{ line: n, command, filtered: FILTERED.test(command) }];
  });
}

/** The command whose output a line is: the nearest prompt above it. */
export function commandAbove(
  commands: readonly ListingCommand[],
  line: number,
): ListingCommand | undefined {
  return commands.findLast((command) => command.line <= line);
}
