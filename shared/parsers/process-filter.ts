/** What a command that lists processes was searched for. */
export interface ProcessFilter {
  readonly complete: boolean;
  /** Lower case names or parts of names. */
  readonly words: readonly string[];
}

const EVERYTHING: ProcessFilter = { complete: true, words: [] };

/** A search by something else than a name: what it does not show may run. */
const BY_OTHER =
  /\s-(?:Filter|Id|Query)\b|\bprocess\s+(?:where\b|\d)|\swhere\s|\s\/FI\b|\bProcessId\s*=/i;

const clean = (word: string): string =>
  word
    .replace(/^["'/]+|["'/]+$/g, '')
    .replace(/\*/g, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();

/** The text after a search command, up to the next pipe or redirection. */
const argumentsAfter = (command: string, tool: RegExp): string | undefined =>
  tool.exec(command)?.[1]?.split(/[|>]/)[0]?.trim();

/**
 * Reads the search out of an echoed command: the words of findstr or Select-String, the names given
 * to Get-Process, the image name of a tasklist filter. Without any the listing is of all processes.
 */
export function processFilterOf(command: string): ProcessFilter {
  const found = argumentsAfter(command, /\|\s*(?:findstr|find|grep|Select-String|sls)\b\s*(.*)$/i);
  if (found !== undefined) {
    const text = found.replace(/(^|\s)(-Pattern|-SimpleMatch|-i|-E|\/i|\/c:)(?=\s|")/gi, ' ');
    const words = text
      .split(/[\s"',|]+/)
      .map(clean)
      .filter((word) => word.length > 1);
    return { complete: false, words };
  }
  if (/\|\s*(\?|where\b|Where-Object)/i.test(command)) {
    const words = [...command.matchAll(/["']([\w.*-]{3,})["']/g)].map((match) =>
      clean(match[1] ?? ''),
    );
    return { complete: false, words };
  }
  const image = [...command.matchAll(/IMAGENAME eq ([\w.*-]+)/gi)].map((match) =>
    clean(match[1] ?? ''),
  );
  if (image.length > 0) return { complete: false, words: image };
  const wmi = [...command.matchAll(/\bname\s*(?:=|like)\s*\\?["']%?([\w.*-]+?)%?\\?["']/gi)].map(
    (match) => clean(match[1] ?? ''),
  );
  if (wmi.length > 0) return { complete: false, words: wmi };
  if (BY_OTHER.test(command)) return { complete: false, words: [] };
  const names = argumentsAfter(command, /(?:^|\s|;)(?:Get-Process|gps|ps)\b\s*(.*)$/i);
  const words = (names ?? '')
    .replace(/(^|\s)-(ErrorAction|ea)\s+\S+/gi, ' ')
    .replace(/(^|\s)-(Name|IncludeUserName)\b/gi, ' ')
    .split(/[\s,]+/)
    .map(clean)
    .filter((word) => /^[a-z][\w.-]+$/.test(word));
  return words.length > 0 ? { complete: false, words } : EVERYTHING;
}
