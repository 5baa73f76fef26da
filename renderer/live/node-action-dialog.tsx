import { useState, type ReactElement } from 'react';
import type { ActionState, LiveAction } from '../../shared/ipc/live-action-schemas';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { Modal } from '../controls/modal';
import { StatusMark, type Status } from '../controls/status-mark';
import { bytes, counted } from '../controls/text';
import { closeDialog } from '../stores/dialogs';
import { trying } from './live-actions';
import { useLive } from './live-store';
import { PlanView } from './plan-view';

const endings: Readonly<
  Record<Exclude<ActionState['state'], 'running'>, { status: Status; text: string }>
> = {
  done: { status: 'ok', text: 'Done. The checks were run again with what came.' },
  partly: {
    status: 'warning',
    text: 'Not all came whole; of the rest, what was read before stays.',
  },
  failed: { status: 'error', text: 'It could not be done.' },
  cancelled: { status: 'not-checked', text: 'Cancelled.' },
};

/** Something to do on a node: first what will run there, then how it goes and what came of it. */
export function NodeActionDialog({
  nodeKey,
  action,
}: {
  nodeKey: string;
  action: LiveAction;
}): ReactElement {
  const { value: plan, error } = useCall('live-action:describe', { key: nodeKey, action });
  const node = useLive((state) => state.live?.collections.find(({ id }) => id === nodeKey));
  const latest = useLive((state) => state.actions.get(nodeKey));
  // An action that still runs is shown, whichever it is; of ended ones only the own.
  const [begun, setBegun] = useState(latest?.state === 'running' ? latest.startedAt - 1 : Infinity);
  const state = latest !== undefined && latest.startedAt > begun ? latest : undefined;
  const run = (): void => {
    setBegun(Date.now() - 1);
    void trying(() => call('live-action:run', { key: nodeKey, action })).then((began) => {
      if (!began) setBegun(Infinity);
    });
  };
  const running = state?.state === 'running';
  return (
    <Modal
      title={state?.title ?? plan?.title ?? 'On this node'}
      look="wide what-runs"
      onClose={closeDialog}
      foot={
        running ? (
          <>
            <Button
              look="push-end"
              onPress={() => void trying(() => call('live-action:cancel', { key: nodeKey }))}
            >
              Cancel it
            </Button>
            <Button look="primary" onPress={closeDialog}>
              Go on in the background
            </Button>
          </>
        ) : state === undefined ? (
          <>
            <Button onPress={closeDialog}>Cancel</Button>
            <Button look="primary" autoFocus isDisabled={plan === undefined} onPress={run}>
              Run
            </Button>
          </>
        ) : (
          <Button look="primary" autoFocus onPress={closeDialog}>
            Close
          </Button>
        )
      }
    >
      {error === undefined ? null : <p role="alert">{error}</p>}
      {state === undefined ? null : <Progress state={state} />}
      {plan === undefined ? null : (
        <PlanView
          plan={plan}
          where={node === undefined ? '' : `${node.name} (${node.address})`}
          short={state !== undefined}
        />
      )}
    </Modal>
  );
}

function Progress({ state }: { state: ActionState }): ReactElement {
  const { startedAt, endedAt, notes } = state;
  if (state.state === 'running')
    return (
      <p role="status">
        <strong>Running</strong>
        {state.at === '' ? '…' : `: ${state.at}`} · {bytes(state.bytes)}
      </p>
    );
  const { status, text } = endings[state.state];
  const seconds = Math.max(1, Math.round(((endedAt ?? startedAt) - startedAt) / 1000));
  return (
    <div role="status">
      <p className="with-mark">
        <StatusMark status={status} size={12} />
        <strong>{text}</strong>
        <span className="dim tabular">{counted(seconds, 'second')}</span>
      </p>
      {notes.map((note) => (
        <p key={note} className="dim failure-text selectable">
          {note}
        </p>
      ))}
    </div>
  );
}
