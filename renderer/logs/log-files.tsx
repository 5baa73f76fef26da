import type { ReactElement } from 'react';
import type { Result } from '../../shared/ipc/contract';
import { StatusMark } from '../controls/status-mark';
import { fileName, minute, number } from '../controls/text';
import { LinkButton } from '../controls/button';
import { openRaw } from '../stores/drawer';

type Files = Result<'logs:summary'>['files'];

/** The day is said once when a log begins and ends on it. */
const untilText = (from: number, to: number): string => {
  const end = minute(to);
  return minute(from).slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end;
};

/** The log files, and until when each of them was written. */
export function LogFiles({ files }: { files: Files }): ReactElement {
  return (
    <div className="card log-files" tabIndex={0} role="group" aria-label="Log files">
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Component</th>
            <th scope="col">Entries</th>
            <th scope="col">Errors</th>
            <th scope="col">Warnings</th>
            <th scope="col">From, to</th>
            <th scope="col">When collected</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={file.path}>
              <td>
                <LinkButton onPress={() => openRaw({ file: file.path, line: 1, endLine: 1 })}>
                  {fileName(file.path)}
                </LinkButton>
              </td>
              <td>{file.component}</td>
              <td className="tabular">{number(file.entries)}</td>
              <td className={`tabular ${file.errors > 0 ? 'tone-error' : ''}`}>
                {number(file.errors)}
              </td>
              <td className={`tabular ${file.warnings > 0 ? 'tone-warning' : ''}`}>
                {number(file.warnings)}
              </td>
              <td className="tabular">
                {file.firstTime === undefined || file.lastTime === undefined
                  ? 'no times'
                  : `${minute(file.firstTime)} – ${untilText(file.firstTime, file.lastTime)}`}
              </td>
              <td>
                <StatusMark
                  status={file.staleness.tone === 'unknown' ? 'not-checked' : file.staleness.tone}
                  size={10}
                />{' '}
                {file.staleness.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
