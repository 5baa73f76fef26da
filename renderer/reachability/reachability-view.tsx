import { useState, type ReactElement } from 'react';
import { ProgressBar } from 'react-aria-components';
import type { ReachabilityState } from '../../shared/ipc/reachability-schemas';
import { Button } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { Segmented } from '../controls/segmented';
import { StatusMark } from '../controls/status-mark';
import { counted, number } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { Matrix } from './matrix';
import { ProblemList } from './problem-list';
import { useReachability } from './use-reachability';

/** Who reaches what, by the collected state alone: a packet traced for every cell. */
export function ReachabilityView(): ReactElement {
  const { id: snapshotId } = useSnapshot();
  const { state, error, begin, cancel } = useReachability(snapshotId);
  if (error !== undefined) return <Unreadable message={error} />;
  if (state === undefined) return <div className="page-body" aria-busy="true" />;
  if (state.state === 'running') return <Running state={state} onCancel={cancel} />;
  if (state.state === 'cancelled') {
    return (
      <div className="page-body">
        <EmptyState
          title="The matrix was cancelled"
          text="A packet is traced from every pod to every pod, service, node and to the internet. Nothing is sent."
        >
          <Button onPress={begin}>Begin again</Button>
        </EmptyState>
      </div>
    );
  }
  if (state.rows === 0 || state.columns === 0) {
    return (
      <div className="page-body">
        <EmptyState
          title="No pod of this node has an endpoint"
          text="The matrix holds the pods of the collected nodes against what they may want to reach. Endpoints come from HNS."
          command="Get-HnsEndpoint | ConvertTo-Json -Depth 20"
        />
      </div>
    );
  }
  return <Whole key={snapshotId} snapshotId={snapshotId} state={state} />;
}

function Running({
  state: { done, total },
  onCancel,
}: {
  state: ReachabilityState;
  onCancel: () => void;
}): ReactElement {
  return (
    <div className="page-body">
      <div className="matrix-progress">
        <ProgressBar
          aria-label="Packets traced"
          value={done}
          minValue={0}
          maxValue={Math.max(1, total)}
        >
          {({ percentage }) => (
            <div className="progress-track">
              <div className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            </div>
          )}
        </ProgressBar>
        <span className="tabular">
          {number(done)} of {number(total)} packets traced
        </span>
        <Button onPress={onCancel}>Cancel</Button>
      </div>
    </div>
  );
}

function Whole({
  snapshotId,
  state,
}: {
  snapshotId: string;
  state: ReachabilityState;
}): ReactElement {
  const bad = state.counts.error + state.counts['not-checked'];
  const [show, setShow] = useState<'all' | 'problems'>('all');
  const [look, setLook] = useState<'picture' | 'list'>('picture');
  const problems = show === 'problems';
  const rows = problems ? state.problemRows : state.rows;
  const columns = problems ? state.problemColumns : state.columns;
  return (
    <div className="page-body fill reachability">
      <div className="matrix-toolbar">
        <Segmented<'all' | 'problems'>
          label="Show"
          value={show}
          onChange={setShow}
          options={[
            { id: 'all', title: 'All' },
            { id: 'problems', title: `Problems ${number(bad)}` },
          ]}
        />
        <Count tone="ok" count={state.counts.ok} word="arrive" />
        <Count tone="error" count={state.counts.error} word="lost" />
        <Count tone="not-checked" count={state.counts['not-checked']} word="not known" />
        <span className="dim tabular matrix-cost">
          {counted(state.rows, 'pod')} to {counted(state.columns, 'target')}, in{' '}
          {seconds(state.milliseconds)}
        </span>
        <span className="push" />
        <Segmented<'picture' | 'list'>
          label="As"
          value={look}
          onChange={setLook}
          options={[
            { id: 'picture', title: 'Picture' },
            { id: 'list', title: 'List' },
          ]}
        />
      </div>
      {state.notes.map((note) => (
        <p key={note} className="dim">
          {note}
        </p>
      ))}
      {look === 'list' ? (
        <ProblemList snapshotId={snapshotId} />
      ) : rows === 0 || columns === 0 ? (
        <EmptyState
          title="Every packet arrives"
          text="Nothing that was traced is lost, and nothing is left open."
        />
      ) : (
        <Matrix
          key={show}
          snapshotId={snapshotId}
          problems={problems}
          rows={rows}
          columns={columns}
        />
      )}
    </div>
  );
}

const seconds = (milliseconds: number): string =>
  milliseconds < 100 ? 'under 0.1 s' : `${(milliseconds / 1000).toFixed(1)} s`;

function Count({
  tone,
  count,
  word,
}: {
  tone: 'ok' | 'error' | 'not-checked';
  count: number;
  word: string;
}): ReactElement {
  return (
    <span className={`matrix-count tone-${count === 0 ? 'dim' : tone} tabular`}>
      <StatusMark status={tone} size={10} />
      {number(count)} {word}
    </span>
  );
}
