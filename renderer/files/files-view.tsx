import { useState, type ReactElement } from 'react';
import type { FileInfo } from '../../shared/ipc/file-schemas';
import { useCall } from '../bridge/use-call';
import { Breakable } from '../controls/breakable';
import { Button, LinkButton } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { FilterField } from '../controls/filter-field';
import { StatusMark, type Status } from '../controls/status-mark';
import { bytes, counted, fileName, number } from '../controls/text';
import { RuleHelp } from '../findings/rule-help';
import { PageHead } from '../frame/page-head';
import { useCase, useSnapshot } from '../stores/case';
import { openRaw } from '../stores/drawer';
import { openNested } from '../stores/evidence-actions';

const marks: Readonly<Record<FileInfo['status'], { status: Status; word: string }>> = {
  parsed: { status: 'ok', word: 'read' },
  partial: { status: 'warning', word: 'read in part' },
  unrecognised: { status: 'not-checked', word: 'not recognised' },
  empty: { status: 'not-checked', word: 'empty' },
  binary: { status: 'not-checked', word: 'binary' },
};

const shownAtOnce = 200;
const mostFiles = 2000;

/** Every file: what it is, which command made it, how much of it was read, which checks use it. */
export function FilesView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const [filter, setFilter] = useState('');
  const [limit, setLimit] = useState(shownAtOnce);
  const [open, setOpen] = useState<string | null>(null);
  const nested = useCase((state) => state.summary?.nestedArchives ?? []);
  const { value, error } = useCall('files:list', { snapshotId, filter, offset: 0, limit });
  if (error !== undefined) return <Unreadable message={error} />;
  return (
    <>
      <PageHead title="Files">
        Every file that was opened: what it is, which command made it, how much of it was read, and
        which checks rely on it.
      </PageHead>
      <div className="page-body fill">
        <div className="table-toolbar">
          <span className="dim tabular">
            {value === undefined
              ? ''
              : value.matching === value.total
                ? counted(value.total, 'file')
                : `${number(value.matching)} of ${counted(value.total, 'file')}`}
          </span>
          <span className="push" />
          <FilterField label="Filter files" value={filter} onChange={setFilter} />
        </div>
        {nested.length === 0 ? null : <NestedArchives paths={nested} />}
        <div className="card files-card grow" tabIndex={0} role="group" aria-label="List of files">
          {value !== undefined && value.items.length === 0 ? (
            <EmptyState title="No file matches the filter" />
          ) : null}
          <table className="files">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">What it is</th>
                <th scope="col">Encoding</th>
                <th scope="col" className="end">
                  Size
                </th>
                <th scope="col" className="end">
                  Lines read
                </th>
                <th scope="col" className="end">
                  Checks
                </th>
              </tr>
            </thead>
            <tbody>
              {(value?.items ?? []).map((file) => (
                <FileRows
                  key={file.path}
                  file={file}
                  open={open === file.path}
                  onToggle={() => setOpen(open === file.path ? null : file.path)}
                />
              ))}
            </tbody>
          </table>
          {value !== undefined && value.matching > value.items.length ? (
            <Button
              look="quiet"
              isDisabled={limit >= mostFiles}
              onPress={() => setLimit(Math.min(mostFiles, limit + shownAtOnce))}
            >
              {limit >= mostFiles
                ? 'Narrow the list by the filter'
                : `Show more of ${counted(value.matching, 'file')}`}
            </Button>
          ) : null}
        </div>
      </div>
    </>
  );
}

function FileRows({
  file,
  open,
  onToggle,
}: {
  file: FileInfo;
  open: boolean;
  onToggle: () => void;
}): ReactElement {
  const { status, word } = marks[file.status];
  const folder = file.path.slice(0, -fileName(file.path).length).replace(/[/\\]$/, '');
  const where = [file.scope === 'cluster' ? 'cluster-wide' : '', folder]
    .filter(Boolean)
    .join(' · ');
  const show = (line: number, endLine: number): void => openRaw({ file: file.path, line, endLine });
  return (
    <>
      <tr>
        <td>
          <div className="file-name">
            <StatusMark status={status} size={11} label={word} />
            <LinkButton onPress={() => show(1, 1)}>
              <Breakable text={fileName(file.path)} />
            </LinkButton>
          </div>
          {where === '' ? null : <div className="dim line-2">{where}</div>}
        </td>
        <td>
          {file.title}
          {file.command === undefined ? null : <div className="dim mono">{file.command}</div>}
        </td>
        <td>{file.encoding}</td>
        <td className="tabular end">{bytes(file.bytes)}</td>
        <td className="tabular end">
          {file.status === 'parsed' || file.status === 'partial'
            ? `${number(file.readLines)} of ${number(file.lineCount)}`
            : word}
        </td>
        <td className="end">
          <Button
            look="quiet small"
            onPress={onToggle}
            pressed={open}
            label={`Details of ${file.name}`}
          >
            {file.usedBy.length === 0 ? 'none' : counted(file.usedBy.length, 'check')}
            {file.notes.length === 0 ? '' : ` · ${counted(file.notes.length, 'note')}`}
          </Button>
        </td>
      </tr>
      {open ? (
        <tr className="file-details">
          <td colSpan={6}>
            {file.notes.length === 0 ? null : (
              <ul aria-label="Notes">
                {file.notes.slice(0, 100).map((note, index) => (
                  <li key={index}>
                    <LinkButton onPress={() => show(note.line, note.endLine)}>
                      line {number(note.line)}
                      {note.endLine > note.line ? `–${number(note.endLine)}` : ''}
                    </LinkButton>{' '}
                    {note.message}
                  </li>
                ))}
              </ul>
            )}
            {file.unread.length === 0 ? null : (
              <p>
                <span className="dim">Not read: </span>
                {file.unread.slice(0, 20).map((range) => (
                  <span key={range.line}>
                    <LinkButton onPress={() => show(range.line, range.endLine)}>
                      {number(range.line)}–{number(range.endLine)}
                    </LinkButton>{' '}
                  </span>
                ))}
                {file.unread.length > 20 ? `and ${file.unread.length - 20} more` : ''}
              </p>
            )}
            <p className="chips">
              <span className="dim">
                {file.usedBy.length === 0
                  ? 'No check relies on this file.'
                  : 'Checks that rely on it:'}
              </span>
              {file.usedBy.map((rule) => (
                <RuleHelp key={rule} ruleId={rule} />
              ))}
            </p>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function NestedArchives({ paths }: { paths: readonly string[] }): ReactElement {
  return (
    <div className="notice">
      <StatusMark status="info" />
      <div>
        <p>Archives inside what was opened stay closed until you ask:</p>
        <p className="chips">
          {paths.map((path) => (
            <LinkButton key={path} look="chip" onPress={() => void openNested(path)}>
              {path}
            </LinkButton>
          ))}
        </p>
      </div>
    </div>
  );
}
