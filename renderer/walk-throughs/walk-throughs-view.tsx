import { useState, type ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type { WalkThroughFlowView, WalkThroughView } from '../../shared/ipc/walk-through-schemas';
import { useCall } from '../bridge/use-call';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { MiddleCut } from '../controls/middle-cut';
import { StatusMark } from '../controls/status-mark';
import { useSnapshot } from '../stores/case';
import { StoryView } from './story-view';

const keyOf = ({ question, way }: WalkThroughFlowView): string => JSON.stringify([question, way]);

/** Flows of this node worth watching: of each kind one that works and one that does not. */
export function WalkThroughsView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { value, error } = useCall('walk-throughs:list', { snapshotId });
  const [chosen, setChosen] = useState<string | null>(null);
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined) return <div className="page-body" aria-busy="true" />;
  const flows = value.items.flatMap((item) => item.flows);
  // What is broken is what one wants to see.
  const shown =
    flows.find((flow) => keyOf(flow) === chosen) ??
    flows.find(({ tone }) => tone === 'error') ??
    flows[0];
  if (shown === undefined) {
    return (
      <div className="page-body">
        <EmptyState
          title="No flow of this node is known"
          text="A walk-through follows a packet of a pod through this node's own rules. It needs endpoints, and VFP's rules to go further than the pod."
          command=".\collectlogs.ps1"
        />
      </div>
    );
  }
  return (
    <div className="page-body walk">
      <nav className="walk-list" aria-label="Walk-throughs">
        {value.items.map((item) => (
          <Kind key={item.kind} item={item} shown={keyOf(shown)} onShow={setChosen} />
        ))}
      </nav>
      <StoryView key={keyOf(shown)} snapshotId={snapshotId} flow={shown} />
    </div>
  );
}

const words = { ok: 'Arrives', error: 'Does not arrive', 'not-checked': 'Not known' } as const;

/** Without its namespace, which the heading shows. */
const shortName = (name: string): string => name.slice(name.indexOf('/') + 1);

function Kind({
  item: { title, flows, none },
  shown,
  onShow,
}: {
  item: WalkThroughView;
  shown: string;
  onShow: (key: string) => void;
}): ReactElement {
  return (
    <section>
      <h3>{title}</h3>
      {none === undefined ? null : <p className="dim">{none}</p>}
      {flows.map((flow) => {
        const key = keyOf(flow);
        return (
          <Button
            key={key}
            className="choice"
            onPress={() => onShow(key)}
            {...(key === shown ? { 'aria-current': 'true' } : {})}
          >
            <StatusMark status={flow.tone} size={10} label={words[flow.tone]} />
            <span className="text">
              <span title={flow.from}>
                <MiddleCut text={shortName(flow.from)} />
              </span>
              <span className="line-2" title={flow.to}>
                <MiddleCut text={`→ ${shortName(flow.to)}`} />
              </span>
            </span>
          </Button>
        );
      })}
    </section>
  );
}
