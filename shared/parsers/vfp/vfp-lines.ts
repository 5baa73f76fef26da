/**
 * What a line of vfpctrl output is, told from its first bytes. Item words are upper case
 * (`RULE :`), keys of an item are not (`Rule Data:`), so case decides and indentation, which
 * pasted text loses, does not.
 */
export const LINE_CONTENT = 1;
export const LINE_RULE = 2;
export const LINE_LAYER = 3;
export const LINE_GROUP = 4;
export const LINE_ITEM_LIST = 5;
export const LINE_SEPARATOR = 6;
export const LINE_TRAILER = 7;
export const LINE_POLICY = 8;
export const LINE_ERROR = 9;
/** An item of another kind: SPACE, MAPPING, NAT RANGE, ... */
export const LINE_ITEM = 10;
/** A command as typed: `PS C:\k> vfpctrl /port ... /list-rule`. */
export const LINE_ECHO = 11;

const COLON = 58;
const SPACE = 32;
const TAB = 9;

/** First byte of the line's text: past blanks, no-break spaces and a quote mark of a pasted mail. */
export function textStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (bytes[at] === 62 && bytes[at + 1] === SPACE) at += 2;
  for (; at < end; at += 1) {
    const c = bytes[at];
    if (c === SPACE || c === TAB || c === 10 || c === 13) continue;
    if (c === 0xc2 && bytes[at + 1] === 0xa0) {
      at += 1;
      continue;
    }
    return at;
  }
  return end;
}

/** End of the line's text, before blanks, CR and LF. */
export function textEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const c = bytes[at - 1];
    if (c === SPACE || c === TAB || c === 10 || c === 13) at -= 1;
    else if (c === 0xa0 && bytes[at - 2] === 0xc2) at -= 2;
    else break;
  }
  return Math.max(at, start);
}

/** Do the bytes at `at` spell the ASCII text? */
export function spells(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

function colonFollows(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  while (i < end && (bytes[i] === SPACE || bytes[i] === TAB)) i += 1;
  return i < end && bytes[i] === COLON;
}

/** Does a line hold the text, ignoring ASCII case (`text` in lower case)? Looks at 400 bytes at most. */
export function holds(bytes: Uint8Array, from: number, end: number, text: string): boolean {
  const last = Math.min(end, from + 400) - text.length;
  for (let at = from; at <= last; at += 1) {
    let i = 0;
    while (i < text.length && ((bytes[at + i] ?? 0) | 32) === (text.charCodeAt(i) | 32)) i += 1;
    if (i === text.length) return true;
  }
  return false;
}

/** Upper case words and a colon: `NAT RANGE : name`, `SPACE :`; not the drive of a prompt. */
function isItemWord(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at;
  for (; i < at + 3; i += 1) {
    const c = bytes[i] ?? 0;
    if (c < 65 || c > 90) return false;
  }
  while (i < end) {
    const c = bytes[i] ?? 0;
    if ((c >= 65 && c <= 90) || c === SPACE || c === 45 || c === 95) i += 1;
    else break;
  }
  return i < end && bytes[i] === COLON;
}

/**
 * Kind of a line with text. `start` is where the line starts, `at` where its text starts. Items
 * other than layers, groups and rules are only taken as such at little indentation, since an upper
 * case key may be data of a rule.
 */
export function lineKind(bytes: Uint8Array, start: number, at: number, end: number): number {
  const next = bytes[at + 1];
  switch (bytes[at]) {
    case 82: // R
      if (next === 85 && spells(bytes, at, 'RULE') && colonFollows(bytes, at + 4, end))
        return LINE_RULE;
      break;
    case 76: // L
      if (next === 65 && spells(bytes, at, 'LAYER') && colonFollows(bytes, at + 5, end))
        return LINE_LAYER;
      break;
    case 71: // G
      if (next === 82 && spells(bytes, at, 'GROUP') && colonFollows(bytes, at + 5, end))
        return LINE_GROUP;
      break;
    case 73: // I
      if (next === 84 && spells(bytes, at, 'ITEM LIST')) return LINE_ITEM_LIST;
      break;
    case 61: // =
      if (holds(bytes, at, end, 'vfpctrl')) return LINE_ECHO;
      return LINE_SEPARATOR;
    case 35: // #
      if (next === 35) return LINE_SEPARATOR;
      break;
    case 67: // C
      if (next === 111 && spells(bytes, at, 'Command ')) {
        if (holds(bytes, at, end, 'succeeded')) return LINE_TRAILER;
        if (holds(bytes, at, end, 'fail')) return LINE_ERROR;
      }
      break;
    case 80: // P
      if (next === 111 && spells(bytes, at, 'Policy for port')) return LINE_POLICY;
      if (
        next === 83 &&
        at === start &&
        !holds(bytes, at, end, 'vfpctrl') &&
        bytes[textEnd(bytes, at, end) - 1] === 62
      ) {
        return LINE_SEPARATOR;
      }
      break;
    case 69: // E
      if (spells(bytes, at, 'ERROR') || spells(bytes, at, 'Error (')) return LINE_ERROR;
      break;
    default:
      break;
  }
  const first = bytes[at] ?? 0;
  if (
    at - start <= 3 &&
    first >= 65 &&
    first <= 90 &&
    next !== undefined &&
    next >= 65 &&
    next <= 90
  ) {
    if (isItemWord(bytes, at, end)) return LINE_ITEM;
  }
  if (at - start <= 1 && canBeCommand(first) && holds(bytes, at, end, 'vfpctrl')) return LINE_ECHO;
  return LINE_CONTENT;
}

/** P C D v V > & . [ and the quote: what a prompt or a typed command begins with. */
function canBeCommand(c: number): boolean {
  return (
    c === 80 ||
    c === 67 ||
    c === 68 ||
    c === 118 ||
    c === 86 ||
    c === 62 ||
    c === 38 ||
    c === 46 ||
    c === 91 ||
    c === 34
  );
}

/** A line that `/get-rule-counter` adds: `Matched packets : 12`. Agrees with `isCounterLine` on the text. */
export function isCounterAt(bytes: Uint8Array, at: number, end: number): boolean {
  const c = bytes[at];
  const next = bytes[at + 1];
  if (c === 77 && next === 97)
    return spells(bytes, at, 'Matched ') && countsSomething(bytes, at, end);
  if (c === 68 && next === 114)
    return spells(bytes, at, 'Dropped ') && countsSomething(bytes, at, end);
  if (c === 80 && next === 101)
    return spells(bytes, at, 'Pending ') && countsSomething(bytes, at, end);
  if (c === 67 && next === 111) return spells(bytes, at, 'Counters');
  return c === 82 && spells(bytes, at, 'Rule counters');
}

function countsSomething(bytes: Uint8Array, at: number, end: number): boolean {
  return holds(bytes, at, end, 'packets') || holds(bytes, at, end, 'flows');
}
