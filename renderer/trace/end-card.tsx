import { useEffect, useRef, type ReactElement } from 'react';
import type { TraceEnd, TraceView } from '../../shared/ipc/trace-schemas';
import { CommandLine } from '../controls/command-line';
import { EvidenceChips } from '../controls/links';
import { StatusMark } from '../controls/status-mark';
import { PasteBox } from '../evidence/paste-box';

const places = {
  node: 'on the node',
  cluster: 'where kubectl works',
  'another-node': 'on the other node',
} as const;

/** How the way ends; where something is missing, how to get it and a box to put it into. */
export function EndCard({
  end,
  current,
  answer,
}: {
  end: TraceEnd;
  current: boolean;
  answer: TraceView['reply'];
}): ReactElement {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (current) card.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const [first] = end.missing;
  return (
    <section
      ref={card}
      className={`trace-column trace-end ${current ? 'current' : ''}`}
      aria-label="How it ends"
    >
      <header>
        <h3>End</h3>
        <p className="dim">
          {end.tone === 'ok'
            ? 'it arrives'
            : end.tone === 'error'
              ? 'it does not arrive'
              : 'not to be told'}
        </p>
      </header>
      <div className={`disposition ${end.tone}`}>
        <strong>
          <StatusMark status={end.tone} size={11} />
          {end.title}
        </strong>
        <p>{end.text}</p>
        <EvidenceChips of={end.evidence} most={4} />
      </div>
      {answer === null ? null : (
        <div className={`answer ${answer.status}`}>
          <StatusMark
            status={
              answer.status === 'symmetric'
                ? 'ok'
                : answer.status === 'not-known'
                  ? 'not-checked'
                  : 'warning'
            }
            size={10}
          />
          <p>{answer.text}</p>
        </div>
      )}
      {end.missing.map((missing) => (
        <div key={missing.command} className="missing">
          <p>
            Needs {missing.what}. Run {places[missing.where]}:
          </p>
          <CommandLine command={missing.command} />
        </div>
      ))}
      {first === undefined ? null : <PasteBox what={first.what} />}
    </section>
  );
}
