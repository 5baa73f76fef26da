import type { ReactElement } from 'react';
import type { FindingView } from '../../shared/ipc/schemas';
import { CommandLine } from '../controls/command-line';

/** A check is a command to run, or a sentence that says what to see. */
const isSentence = (text: string): boolean =>
  text.trimEnd().endsWith('.') || sentenceVerb.test(text) || !commandStart.test(text);

const sentenceVerb = /\s(shows?|lists?|succeeds?|answers?|passes|appears?|is|are|has|holds)\s/;

/** A cmdlet, a path, or one of the tools that remedies name. */
const commandStart =
  /^(\S*[-.\\]\S*|kubectl|hnsdiag|hcsdiag|vfpctrl|netsh|route|ipconfig|docker|crictl|sc|pktmon|ping|nslookup|curl)\s/;

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
              {isSentence(remedy.verify) ? (
                <p>{remedy.verify}</p>
              ) : (
                <CommandLine command={remedy.verify} />
              )}
            </div>
          )}
        </div>
      ))}
    </section>
  );
}
