import { useEffect, useState, type ReactElement } from 'react';
import type { CollectedSection } from '../../shared/ipc/live-schemas';
import { call } from '../bridge/call';
import { StatusMark, type Status } from '../controls/status-mark';
import { bytes } from '../controls/text';
import { trying } from './live-actions';

const marks: Readonly<Record<CollectedSection['state'], Status>> = {
  ok: 'ok',
  missing: 'not-checked',
  error: 'error',
  timeout: 'error',
  truncated: 'warning',
  damaged: 'error',
  'cut off': 'error',
  refused: 'error',
};
const mostShown = 200;

/** The files of a collection with how each came over; what is not whole comes first. */
export function SectionTable({ id, news }: { id: string; news: string }): ReactElement {
  const [sections, setSections] = useState<readonly CollectedSection[]>([]);
  const [total, setTotal] = useState(0);
  useEffect(() => {
    let current = true;
    void trying(async () => {
      const page = await call('live:sections', { id, offset: 0, limit: mostShown });
      if (!current) return;
      setSections(page.items);
      setTotal(page.total);
    });
    return () => {
      current = false;
    };
  }, [id, news]);
  const whole = ({ state }: CollectedSection): boolean => state === 'ok' || state === 'missing';
  const shown = sections.toSorted((a, b) => Number(whole(a)) - Number(whole(b)));
  return (
    <div className="section-list" tabIndex={0} role="group" aria-label="Sections">
      <table className="files">
        <thead>
          <tr>
            <th scope="col">Section</th>
            <th scope="col">File</th>
            <th scope="col">State</th>
            <th scope="col" className="end">
              Size
            </th>
            <th scope="col" className="end">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((each, index) => (
            <tr key={`${each.section} ${each.path} ${index}`}>
              <td>{each.section}</td>
              <td className="mono cut" title={each.path}>
                {each.path}
              </td>
              <td>
                <span className="with-mark">
                  <StatusMark status={marks[each.state]} size={10} />
                  {each.state}
                </span>
                {each.notes.map((note) => (
                  <div key={note} className="dim failure-text">
                    {note}
                  </div>
                ))}
              </td>
              <td className="end tabular">{bytes(each.bytes)}</td>
              <td className="end tabular">
                {each.milliseconds === null ? '' : `${each.milliseconds} ms`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > shown.length ? (
        <p className="dim">and {total - shown.length} more; the bundle&apos;s report names all.</p>
      ) : null}
    </div>
  );
}
