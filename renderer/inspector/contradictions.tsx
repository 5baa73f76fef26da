import type { ReactElement } from 'react';
import type { ObjectView } from '../../shared/ipc/object-schemas';
import { EvidenceChip } from '../controls/links';

/** What files say differently of one object; none of it is dropped. */
export function Contradictions({
  contradictions,
}: {
  contradictions: ObjectView['contradictions'];
}): ReactElement | null {
  if (contradictions.length === 0) return null;
  return (
    <section className="inspector-section">
      <h3 className="caption">Contradictions</h3>
      {contradictions.map(({ field, values }) => (
        <div key={field} className="contradiction">
          <strong>{field}</strong>
          <ul>
            {values.map(({ value, evidence }, index) => (
              <li key={index}>
                <span className="mono">{value}</span> <EvidenceChip to={evidence} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
