import type { ReactElement } from 'react';
import type { Result } from '../../shared/ipc/contract';
import { StatusMark } from '../controls/status-mark';
import { fileName, minute, number } from '../controls/text';
import { LinkButton } from '../controls/button';
import { useLive } from '../live/live-store';
import { useSnapshot } from '../stores/case';
import { showDialog } from '../stores/dialogs';
import { openRaw } from '../stores/drawer';

type Files = Result<'logs:summary'>['files'];

/** The day is said once when a log begins and ends on it. */
const untilText = (from: number, to: number): string => {
  const end = minute(to);
  return minute(from).slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end;
};

/** A log that the collector read from its place on the node, by its path in a bundle. */
const ofNode = /(?:^|\/)logs\/[A-Za-z]\/./;

/** The log files, and until when each of them was written; on a live node, each can be followed. */
export function LogFiles({ files }: { files: Files }): ReactElement {
  const { live } = useSnapshot();
  const key = live === undefined || live.running ? undefined : live.key;
  const followed = useLive((state) => (key === undefined ? undefined : state.followings.get(key)));
  const busy = followed !== undefined && followed.state.endedAt === null;
  const follows = key !== undefined && files.some(({ path }) => ofNode.test(path));
  return (
    <div className="card log-files" tabIndex={0} role="group" aria-label="Log files">
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            {follows ? <th scope="col">On the node</th> : null}
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
              <td className="log-name" title={file.path}>
                <LinkButton onPress={() => openRaw({ file: file.path, line: 1, endLine: 1 })}>
                  {fileName(file.path)}
                </LinkButton>
              </td>
              {!follows ? null : (
                <td>
                  {ofNode.test(file.path) && !busy ? (
                    <LinkButton
                      label={`Follow ${fileName(file.path)}`}
                      onPress={() => showDialog({ kind: 'follow', key, file: file.path })}
                    >
                      Follow…
                    </LinkButton>
                  ) : null}
                </td>
              )}
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
