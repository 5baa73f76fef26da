import type { ParsedFile } from '../../../shared/parsers/parsed-file';
import { RULES } from '../../../shared/rules/catalogue';
import { fileInfo, marksIn } from '../../../shared/views/file-info';
import { blankSecrets } from '../../../shared/secrets/blank-secrets';
import { findLine } from '../../../shared/views/find-line';
import type { FileInfo } from '../../../shared/ipc/file-schemas';
import { PAGE_BYTES, type CallAbout, type Frozen, type Handlers } from './handler';

const MAX_LINE = 4000;

function info(about: CallAbout, parsed: ParsedFile): Frozen<FileInfo> {
  const { case: theCase } = about.case.state;
  const path = parsed.file.path;
  const snapshot = about.case.snapshots().find((s) => s.files.includes(parsed));
  return {
    ...fileInfo(parsed, RULES),
    scope: snapshot
      ? 'node'
      : theCase.cluster.files.some((f) => f.file.path === path)
        ? 'cluster'
        : 'node',
    snapshotId: snapshot?.id,
  };
}

export const fileCalls: Handlers<'files:list' | 'file:info' | 'file:lines' | 'file:search'> = {
  'files:list': ({ snapshotId, filter, offset, limit }, about) => {
    const all = [...about.case.state.files.values()].filter(
      (f) =>
        snapshotId === null ||
        about.case.context(snapshotId)?.snapshot.files.includes(f) === true ||
        !about.case.snapshots().some((s) => s.files.includes(f)),
    );
    const words = filter
      .toLowerCase()
      .split(/\s+/)
      .filter((w) => w !== '');
    const matching = all.filter((f) => {
      const text =
        `${f.file.path} ${f.title} ${f.kinds.join(' ')} ${f.status} ${f.file.encoding}`.toLowerCase();
      return words.every((w) => text.includes(w));
    });
    const items: Frozen<FileInfo>[] = [];
    let bytes = 0;
    for (const parsed of matching.slice(offset, offset + limit)) {
      const item = info(about, parsed);
      bytes += JSON.stringify(item).length;
      if (bytes > PAGE_BYTES && items.length > 0) break;
      items.push(item);
    }
    return { items, offset, matching: matching.length, total: all.length };
  },
  'file:info': ({ path }, about) => {
    const parsed = about.case.state.files.get(path);
    return parsed ? info(about, parsed) : null;
  },
  'file:lines': ({ path, from, count }, about) => {
    const { files, findings } = about.case.state;
    const file = files.get(path)?.file;
    if (!file) return null;
    const lines: string[] = [];
    const cut: number[] = [];
    let bytes = 0;
    for (let n = from; n < from + count && n <= file.lineCount; n += 1) {
      const whole = file.line(n);
      const line = whole.length > MAX_LINE ? whole.slice(0, MAX_LINE) : whole;
      bytes += line.length + 8;
      if (bytes > PAGE_BYTES && lines.length > 0) break;
      if (line.length < whole.length) cut.push(n);
      lines.push(line);
    }
    return {
      path,
      from,
      lineCount: file.lineCount,
      lines: blankSecrets(lines),
      cut,
      marks: marksIn(findings, path, from, from + lines.length - 1),
    };
  },
  'file:search': ({ path, text, from, backwards, matchCase }, about) => {
    const file = about.case.state.files.get(path)?.file;
    const found = file ? findLine(file, text, from, backwards, matchCase) : null;
    return found ?? { line: null, column: 0 };
  },
};
