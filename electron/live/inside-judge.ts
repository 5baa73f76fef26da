import type { InsideAsk } from '../../shared/ipc/live-action-schemas';

/** What a program printed inside of a container, errors among it. */
export interface InsideAnswer {
  /** How it was run there: `crictl exec`, `ctr tasks exec`, `docker exec`. */
  readonly way: string;
  readonly lines: readonly string[];
}

/** The marks of Pester: passed, failed, inconclusive, skipped (here: not checked). */
export type Mark = '+' | '-' | '?' | '!';

export interface Judged {
  readonly mark: Mark;
  /** A sentence on one line; '' where nothing is to be said. */
  readonly reason: string;
}

/** hcsshim's and Docker's words where the program to be started is not in the image. */
const NO_PROGRAM =
  /cannot find the (?:file|path) specified|executable file not found|\(0x[23]\)|0x8007000[23]/i;
const NOT_RUNNING =
  /no such container|container .*(?:not found|is not running|not in running state|is in .* state)|(?:task|container) .* not found|NotFound desc/i;

const ADDRESS = /(?:^|[\s:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})\s*$/i;

/**
 * Judges what a program said inside of a container. Where it could not run nothing is known of the
 * network: that is not checked, and no failure. A refused connection is neither: its address was
 * reached, and whether somebody should listen there is not known.
 */
export function judged(ask: InsideAsk, { lines }: InsideAnswer): Judged {
  switch (ask.program) {
    case 'ipconfig':
      return lines.some((line) => /\S(?:\s?\.){2,}\s?:/.test(line))
        ? { mark: '+', reason: '' }
        : notRun('ipconfig.exe', lines);
    case 'nslookup':
      return lookup(lines);
    case 'curl':
      return connection(lines);
  }
}

function lookup(lines: readonly string[]): Judged {
  // First the server with its address, then a blank line, then the answer.
  const blank = lines.findIndex((line, at) => at > 0 && line.trim() === '');
  const answered = lines
    .slice(blank === -1 ? lines.length : blank)
    .some((line) => ADDRESS.test(line) && !line.trimStart().startsWith('***'));
  if (answered) return { mark: '+', reason: '' };
  const trouble =
    lines.find((line) => /^\s*\*\*\* .*(?:can't find|timed-out|no response)/i.test(line)) ??
    lines.find((line) => /^\s*\*\*\* |timed[- ]out/i.test(line));
  return trouble === undefined
    ? notRun('nslookup.exe', lines)
    : { mark: '-', reason: `nslookup says: ${oneLine(trouble)}` };
}

function connection(lines: readonly string[]): Judged {
  const said = (pattern: RegExp): string | undefined =>
    lines.find((line) => pattern.test(line.slice(0, 1000)));
  if (said(/^\*\s+(?:Connected to|Established connection to)\b/) !== undefined)
    return { mark: '+', reason: '' };
  if (said(/refused/i) !== undefined)
    return {
      mark: '?',
      reason:
        'The connection was refused: the address is reached, and nothing listens at this port.',
    };
  if (said(/Could not resolve host/i) !== undefined)
    return { mark: '?', reason: 'The name was not resolved; the lookups tell of that.' };
  if (said(/Protocol "?telnet"? (?:not supported|disabled)|Unsupported protocol/i) !== undefined)
    return {
      mark: '!',
      reason: 'curl.exe of this image opens no bare connections: not checked.',
    };
  if (said(/timed out|timeout was reached/i) !== undefined)
    return { mark: '-', reason: 'no answer within 3 s' };
  const failed = said(/^\* +connect to .* failed: |^(?:\* *|curl: \(7\) )Failed to connect to /i);
  return failed === undefined
    ? notRun('curl.exe', lines)
    : { mark: '-', reason: `curl says: ${oneLine(failed.replace(/^\*\s*/, ''))}` };
}

function notRun(program: string, lines: readonly string[]): Judged {
  const all = lines.join(' ');
  if (NO_PROGRAM.test(all))
    return {
      mark: '!',
      reason: `The image has no ${program} (Nano Server often has not): not checked.`,
    };
  if (NOT_RUNNING.test(all))
    return { mark: '!', reason: 'The container does not run any more: not checked.' };
  const first = lines.find((line) => line.trim() !== '');
  return {
    mark: '!',
    reason:
      first === undefined
        ? `${program} printed nothing: not checked.`
        : `What came of ${program} is not understood: not checked. It begins: ${oneLine(first)}`,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 300);
