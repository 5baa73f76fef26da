import type { FactKind, Facts } from '../model/facts';
import type { LineRange, ParseNote } from '../model/evidence';
import { endsOpen, type TextFile } from '../text/text-file';
import { PARSERS } from './index';
import type { ParsedFile } from './parsed-file';
import { wholeFile, type ParseResult, type Parser, type Region } from './parser';

const HEAD_LINES = 80;
/** Below this a parser knows the region only by the file's name. */
const BY_CONTENT = 50;
/** A pasted transcript holds a handful of outputs; a file cut into more pieces than this is noise. */
const MAX_REGIONS = 400;
const PROMPT = /^\s*(?:\[[^\]]*\]:\s*)?(?:PS(?:\s+[A-Za-z]:[^>]*|\s*)>|[A-Za-z]:\\[^>]*>)/;

/**
 * Reads one file: the parser that recognises it best takes what it can, the lines it leaves are
 * offered to the others, and what nobody reads is accounted for. Never throws on any content.
 */
export function parseFile(file: TextFile, parsers: readonly Parser[] = PARSERS): ParsedFile {
  if (file.encoding === 'binary' || file.lineCount === 0) return withoutText(file, parsers);
  const reading = readRegions(file, parsers);
  const unread = reading.unread.filter((range) => !isPromptOnly(file, range));
  const unreadLines = unread.reduce((sum, range) => sum + range.endLine - range.line + 1, 0);
  const notes = [...decodingNotes(file), ...reading.notes, ...cutNote(file, reading, unread)];
  const blank = reading.parsers.length === 0 && unread.length === 0;
  const damaged =
    unread.length > 0 || notes.some((n) => n.kind === 'skipped' || n.kind === 'truncated');
  const main = reading.parsers[0] ?? byName(file, parsers);
  return {
    file,
    kinds: reading.parsers.map((p) => p.kind),
    title: main?.title ?? 'Not recognised; kept as searchable text',
    command: main?.command,
    status: blank
      ? 'empty'
      : reading.parsers.length === 0
        ? 'unrecognised'
        : damaged
          ? 'partial'
          : 'parsed',
    facts: reading.facts,
    notes,
    unread,
    readLines: file.lineCount - unreadLines,
  };
}

interface Reading {
  parsers: Parser[];
  facts: Facts[];
  notes: ParseNote[];
  unread: LineRange[];
}

function readRegions(file: TextFile, parsers: readonly Parser[]): Reading {
  const reading: Reading = { parsers: [], facts: [], notes: [], unread: [] };
  const queue: Region[] = [wholeFile(file)];
  for (let done = 0; queue.length > 0; done += 1) {
    const region = trimBlank(queue.shift() ?? wholeFile(file));
    if (!region) continue;
    const result = done < MAX_REGIONS ? readRegion(region, parsers, done === 0) : undefined;
    if (!result) {
      reading.unread.push({ line: region.line, endLine: region.endLine });
      continue;
    }
    if (!reading.parsers.includes(result.parser)) reading.parsers.push(result.parser);
    reading.facts.push(...result.facts);
    reading.notes.push(...result.notes);
    queue.unshift(...leftOver(region, result.claimed));
  }
  reading.notes.sort((a, b) => a.line - b.line);
  reading.unread.sort((a, b) => a.line - b.line);
  return reading;
}

/** The best parser's result for a region; a parser that claims nothing leaves it to the next. */
function readRegion(
  region: Region,
  parsers: readonly Parser[],
  nameCounts: boolean,
): (ParseResult & { parser: Parser }) | undefined {
  const head = region.file.lines(
    region.line,
    Math.min(region.line + HEAD_LINES - 1, region.endLine),
  );
  const ranked = parsers
    .map((parser) => ({ parser, score: score(parser, region, head) }))
    .filter(({ score: s }) => s >= (nameCounts ? 1 : BY_CONTENT))
    .sort((a, b) => b.score - a.score);
  for (const { parser } of ranked) {
    const result = attempt(parser, region);
    if (result.claimed.length > 0) return { ...result, parser };
  }
  return undefined;
}

function score(parser: Parser, region: Region, head: readonly string[]): number {
  try {
    return parser.recognise(region, head);
  } catch {
    return 0;
  }
}

/** A defect of one parser must not hide the rest of the file: it becomes a note. */
function attempt(parser: Parser, region: Region): ParseResult {
  try {
    return parser.parse(region);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The ${parser.kind} reader failed here (a defect of this program: ${reason})`;
    return {
      facts: [],
      claimed: [],
      notes: [{ line: region.line, endLine: region.endLine, message, kind: 'skipped' }],
    };
  }
}

/** Lines of a region that no claim covers, as regions in order. */
function leftOver(region: Region, claimed: readonly LineRange[]): Region[] {
  const sorted = [...claimed].sort((a, b) => a.line - b.line);
  const rest: Region[] = [];
  let next = region.line;
  for (const range of sorted) {
    if (range.line > next) rest.push({ file: region.file, line: next, endLine: range.line - 1 });
    next = Math.max(next, range.endLine + 1);
  }
  if (next <= region.endLine) rest.push({ file: region.file, line: next, endLine: region.endLine });
  return rest;
}

function trimBlank(region: Region): Region | undefined {
  let { line, endLine } = region;
  while (line <= endLine && region.file.line(line).trim() === '') line += 1;
  while (endLine >= line && region.file.line(endLine).trim() === '') endLine -= 1;
  return line > endLine ? undefined : { file: region.file, line, endLine };
}

/** Listings that end with their last row: half a row at the end may look whole. */
const ENDLESS: readonly FactKind[] = ['routes', 'vswitch-ports', 'compartments'];

/**
 * A file that stops inside of a line was cut there, if nobody could use the line or the listing has
 * no end of its own: what followed is lost, and nothing may be said to be missing from it.
 */
function cutNote(
  file: TextFile,
  { parsers, notes, facts }: Reading,
  unread: readonly LineRange[],
): ParseNote[] {
  if (!endsOpen(file) || parsers.length === 0) return [];
  let last = file.lineCount;
  while (last > 1 && file.line(last).trim() === '') last -= 1;
  const unusable =
    last < file.lineCount ||
    unread.some((range) => range.endLine >= last) ||
    notes.some((note) => note.kind === 'skipped' && note.endLine >= last) ||
    facts.some(({ kind }) => ENDLESS.includes(kind));
  if (!unusable || notes.some((note) => note.kind === 'truncated' && note.endLine >= last))
    return [];
  const message = 'The file ends in the middle of this line; what followed is missing';
  return [{ line: last, endLine: last, message, kind: 'truncated' }];
}

/** A prompt with the command that was typed is read: it names the output, it holds no state. */
function isPromptOnly(file: TextFile, range: LineRange): boolean {
  if (range.endLine - range.line > 20) return false;
  return file
    .lines(range.line, range.endLine)
    .every((text) => text.trim() === '' || PROMPT.test(text));
}

function withoutText(file: TextFile, parsers: readonly Parser[]): ParsedFile {
  const parser = byName(file, parsers);
  const result = parser ? attempt(parser, wholeFile(file)) : undefined;
  const binary = file.encoding === 'binary';
  return {
    file,
    kinds: parser ? [parser.kind] : [],
    title: parser?.title ?? (binary ? 'Binary file; listed, not read' : 'Empty file'),
    command: parser?.command,
    status: binary ? 'binary' : 'empty',
    facts: binary ? (result?.facts ?? []) : [],
    notes: decodingNotes(file),
    unread: [],
    readLines: 0,
  };
}

function byName(file: TextFile, parsers: readonly Parser[]): Parser | undefined {
  const region = wholeFile(file);
  const ranked = parsers
    .map((parser) => ({ parser, score: score(parser, region, []) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score);
  return ranked[0]?.parser;
}

function decodingNotes(file: TextFile): ParseNote[] {
  return file.decodingNotes.map(({ line, message, lost }) => ({
    line,
    endLine: line,
    message,
    kind: lost === true ? ('truncated' as const) : ('guessed' as const),
  }));
}
