import type { ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/finding-schemas';
import { CommandLine } from '../controls/command-line';

/** What to run, what it disturbs, how to check afterwards. */
export function Remedies({ remedies }: { remedies: FindingView['remedy'] }): ReactElement | null {
  if (remedies.length === 0) return null;
  return (
    <section className="remedies">
      <h3 className="caption">What to do</h3>
      {remedies.map((remedy, index) => (
        <div key={index} className="remedy">
          <p>{remedy.text}</p>
          {remedy.command === undefined ? null : <CommandLine command={remedy.command} />}
          {remedy.disturbs === undefined ? null : <p className="disturbs dim">{remedy.disturbs}</p>}
          {remedy.verify === undefined ? null : (
            <div className="after">
              <h3 className="caption">Check afterwards</h3>
              {remedy.verify.kind === 'observation' ? (
                <p>{remedy.verify.text}</p>
              ) : (
                <>
                  <CommandLine command={remedy.verify.command} />
                  {remedy.verify.shows === undefined ? null : <p>It {remedy.verify.shows}.</p>}
                </>
              )}
            </div>
          )}
        </div>
      ))}
    </section>
  );
}
