import { useEffect, useRef, type ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type { TraceStop } from '../../shared/ipc/trace-schemas';
import { Breakable } from '../controls/breakable';
import { objectData } from '../controls/object-data';
import { EvidenceChips } from '../controls/links';
import { StatusMark } from '../controls/status-mark';
import { cutMiddle, number } from '../controls/text';
import { useTrace } from '../stores/trace';
import { HeaderLines } from './header-lines';

const longestName = 34;

/** One stop. Pressed, it shows the rule, its object and its lines. */
export function StopCard({
  stop,
  state,
  onOpen,
}: {
  stop: TraceStop;
  state: 'current' | 'ahead' | 'passed';
  onOpen: () => void;
}): ReactElement {
  const full = useTrace((trace) => trace.depth === 'full');
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (state === 'current') card.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  const { rule } = stop;
  const quiet = stop.look === 'quiet';
  return (
    <li
      ref={card}
      className={`stop ${stop.look} ${state}`}
      {...objectData({ ref: stop.entities[0], evidence: stop.evidence[0] })}
      {...(state === 'current' ? { 'aria-current': 'step' } : {})}
    >
      <Button className="stop-head" onPress={onOpen} isDisabled={!canOpen(stop)}>
        <span className="name">
          {stop.look === 'ends' ? (
            <StatusMark status="error" size={10} label="The way ends here" />
          ) : null}
          {stop.look === 'open' ? (
            <StatusMark status="not-checked" size={10} label="How it goes on is not known" />
          ) : null}
          <Breakable text={stop.title} />
        </span>
        {stop.action === undefined ? null : <span className="action">{stop.action}</span>}
      </Button>
      {quiet && !full && stop.kind !== 'port' ? null : rule === undefined ? (
        <p className="text">{stop.text}</p>
      ) : (
        <>
          <p className="rule-name mono" title={rule.name}>
            <Breakable text={cutMiddle(rule.name, longestName)} />
          </p>
          {stop.look === 'passes' && !full ? null : <p className="text">{sentence(stop)}</p>}
        </>
      )}
      <HeaderLines lines={stop.header} />
      {stop.remarks.map((remark) => (
        <p key={remark} className="stop-remark">
          <StatusMark status="warning" size={10} label="Mind" />
          <span>{remark}</span>
        </p>
      ))}
      {full ? <Weighed stop={stop} /> : null}
      <EvidenceChips of={stop.evidence} most={full ? 4 : 1} />
    </li>
  );
}

const canOpen = ({ entities, evidence }: TraceStop): boolean =>
  entities.length > 0 || evidence.length > 0;

/** The rule's name stands above already. */
function sentence({ text, rule }: TraceStop): string {
  const rest =
    rule !== undefined && text.startsWith(rule.name) ? text.slice(rule.name.length) : text;
  return rest.trim();
}

/** Why the rule matched, what it beat, how often it was hit. */
function Weighed({ stop }: { stop: TraceStop }): ReactElement {
  const { rule } = stop;
  return (
    <div className="weighed">
      {rule === undefined ? null : (
        <p className="dim">
          {rule.group}, priority {rule.priority ?? 'not shown'}
          {rule.terminating ? ', terminating' : ''}
          {rule.hits === null ? '' : `, hit ${number(rule.hits)} times`}
        </p>
      )}
      {rule !== undefined && stop.why.length === 0 ? <p>It has no conditions.</p> : null}
      {stop.why.length === 0 ? null : (
        <ul aria-label="Why it matches">
          {stop.why.map(({ condition, result, value }) => (
            <li key={condition}>
              <StatusMark
                status={result === 'yes' ? 'ok' : 'not-checked'}
                size={9}
                label={result === 'yes' ? 'Matches' : 'Not known'}
              />
              <span>
                {condition} <span className="dim">packet: {value}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {stop.runnersUp.length === 0 ? null : (
        <ul aria-label="Rules that lost">
          {stop.runnersUp.map(({ name, why, evidence }) => (
            <li key={`${name} ${evidence.line}`} className="lost">
              <span>
                <span className="mono">{cutMiddle(name, longestName)}</span>{' '}
                <span className="dim">{why}</span> <EvidenceChips of={[evidence]} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {stop.assumes.length === 0 ? null : <p className="dim">Assumes {stop.assumes.join(', ')}.</p>}
    </div>
  );
}
