import { promptAt } from './powershell/prompt';
import { displayWidth, isBlank, plainBlanks, type TextLine } from './text-line';

/** What strict JSON refuses and was read nevertheless. `column` is 1-based. */
export interface JsonProblem {
  readonly kind: 'no-break-space' | 'comment' | 'syntax' | 'truncated' | 'wrapped' | 'too-deep';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** The text of one JSON value with the way back to lines and columns. */
export interface JsonScan {
  readonly text: string;
  readonly complete: boolean;
  readonly before: string;
  readonly after: string;
  readonly problems: readonly JsonProblem[];
  /** Numbers of the lines of `text`; undefined where lines were joined. */
  readonly lines: readonly number[] | undefined;
  /** Line number of an offset into `text`. */
  lineOf(offset: number): number;
  /** Line and 1-based column of an offset into `text`. */
  place(offset: number): { readonly line: number; readonly column: number };
}

/** jsonc-parser and our walk are recursive; no real output nests nearly as deep. */
const MAX_DEPTH = 100;
/** A string that is open at the end of a line shorter than any console is damage, not wrapping. */
const LEAST_CONSOLE_WIDTH = 60;

const FIXED_BLANK = /[\u00a0\u2007\u202f]/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Can a JSON value start here? `{` must be followed by a name or its end, `[` by a value: keeps
 * out `[+] passed`, `{@{Id=...` and log stamps in brackets.
 */
export function startsJson(lines: readonly TextLine[], at: number, column: number): boolean {
  const text = plainBlanks(lines[at]?.text ?? '').slice(column);
  const mark = text[0];
  if (mark !== '{' && mark !== '[') return false;
  let rest = text.slice(1).trimStart();
  for (let i = at + 1; rest === '' && i < Math.min(lines.length, at + 50); i += 1) {
    rest = plainBlanks(lines[i]?.text ?? '').trim();
  }
  if (rest === '' || rest.startsWith('//') || rest.startsWith('/*')) return true;
  return mark === '{'
    ? /^["}]/.test(rest)
    : /^(?:["{[\]]|-?\d+\s*(?:[,\]]|$)|(?:true|false|null)\b)/.test(rest);
}

interface Piece {
  /** Offset in the joined text where this line's text starts. */
  readonly offset: number;
  readonly line: number;
  /** Column (0-based) of the line that the piece starts at. */
  readonly column: number;
}

/**
 * Collects the text of the value that starts at a line: up to its closing bracket, else to the end
 * of the lines or the next prompt. A console that wrapped inside a string is undone.
 */
export function scanJson(
  lines: readonly TextLine[],
  at: number,
  column: number,
): JsonScan | undefined {
  if (!startsJson(lines, at, column)) return undefined;
  const pieces: Piece[] = [];
  const parts: string[] = [];
  const problems: JsonProblem[] = [];
  let length = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let wrapWidth: number | undefined;
  let after = '';
  let complete = false;
  let tooDeep = false;

  for (let i = at; i < lines.length && !complete; i += 1) {
    const line = lines[i];
    if (!line) break;
    if (i > at && !inString && promptAt(line.text)) break;
    const from = i === at ? column : 0;
    const raw = line.text.slice(from);
    const hasFixedBlank = FIXED_BLANK.test(raw);
    if (hasFixedBlank && plainOutsideStrings(raw, inString) !== raw) {
      problems.push({
        kind: 'no-break-space',
        message: 'a no-break space (U+00A0) outside a string: JSON allows only ordinary blanks',
        line: line.n,
        column: from + raw.search(FIXED_BLANK) + 1,
      });
    }
    const wrappedInside = inString;
    const plain = hasFixedBlank ? plainOutsideStrings(raw, inString) : raw;
    let end = plain.length;
    for (let k = 0; k < plain.length; k += 1) {
      const code = plain.charCodeAt(k);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
      } else if (code === QUOTE) inString = true;
      else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
        depth += 1;
        if (depth > MAX_DEPTH) tooDeep = true;
      } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        depth -= 1;
        if (depth <= 0) {
          complete = true;
          end = k + 1;
          after = raw.slice(end).trim();
          break;
        }
      }
    }
    const text = plain.slice(0, end);
    if (tooDeep) {
      problems.push({
        kind: 'too-deep',
        message: `brackets nest more than ${MAX_DEPTH} deep; the rest was not read`,
        line: line.n,
        column: 1,
      });
      break;
    }
    pieces.push({ offset: length, line: line.n, column: from });
    parts.push(text);
    length += text.length;
    if (complete) break;
    let joint = '\n';
    if (inString || wrappedInside || wrapWidth !== undefined) {
      const width = displayWidth(line.text);
      wrapWidth ??= inString && width >= LEAST_CONSOLE_WIDTH ? consoleWidth(lines, i) : undefined;
      if (wrapWidth === undefined) {
        if (inString) {
          // Damage: the string lost its end. Close it for the scan; the parser reports it.
          inString = false;
          escaped = false;
        }
      } else {
        if (inString && !problems.some(({ kind }) => kind === 'wrapped')) {
          problems.push({
            kind: 'wrapped',
            message: 'lines were wrapped at the console width; they were joined again',
            line: line.n,
            column: width,
          });
        }
        joint = inString && width < wrapWidth && !/\s$/.test(line.text) ? ' ' : '';
      }
    }
    parts.push(joint);
    length += joint.length;
  }
  if (!complete) {
    const last = pieces.at(-1);
    if (!last) return undefined;
    problems.push({
      kind: 'truncated',
      message: 'the text ends before the JSON value does',
      line: last.line,
      column: 1,
    });
  }
  const text = parts.join('');
  const lastOffset = Math.max(0, text.trimEnd().length - 1);
  const pieceAt = (offset: number): Piece => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((pieces[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return pieces[low] ?? { offset: 0, line: lines[at]?.n ?? 1, column: 0 };
  };
  return {
    text,
    complete,
    before: plainBlanks(lines[at]?.text ?? '')
      .slice(0, column)
      .trim(),
    after,
    problems,
    lines: wrapWidth === undefined ? pieces.map(({ line }) => line) : undefined,
    lineOf: (offset) => pieceAt(Math.min(offset, lastOffset)).line,
    place: (offset) => {
      const piece = pieceAt(offset);
      return { line: piece.line, column: piece.column + (offset - piece.offset) + 1 };
    },
  };
}

/** The console's width as the lines near a wrap show it. */
function consoleWidth(lines: readonly TextLine[], at: number): number {
  let most = 0;
  for (let i = Math.max(0, at - 5); i < Math.min(lines.length, at + 60); i += 1) {
    const text = lines[i]?.text ?? '';
    if (isBlank(text) || promptAt(text)) continue;
    most = Math.max(most, displayWidth(text));
  }
  return most;
}

/** The text with no-break blanks outside of strings made ordinary ones; inside they are content. */
function plainOutsideStrings(text: string, startsInString: boolean): string {
  let inString = startsInString;
  let plain = '';
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    plain += inString ? char : plainBlanks(char);
    if (inString && char === '\\') {
      i += 1;
      plain += text[i] ?? '';
    } else if (char === '"') inString = !inString;
  }
  return plain;
}
