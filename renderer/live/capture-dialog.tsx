import { useEffect, useState, type ReactElement } from 'react';
import type { CaptureState, CaptureWish } from '../../shared/ipc/live-capture-schemas';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { Checkbox } from '../controls/checkbox';
import { Modal } from '../controls/modal';
import { closeDialog } from '../stores/dialogs';
import { discardCapture, fetchCapture, filterOfTrace } from './capture-actions';
import { CaptureForm } from './capture-form';
import { CapturePlanView } from './capture-plan';
import { CaptureProgress } from './capture-progress';
import { isCapturing, showCapture, useCaptures } from './capture-store';
import { trying } from './live-actions';
import { useLive } from './live-store';

const usual = { seconds: 300, megabytes: 100, packetBytes: 256 };

/** A packet capture on a node: what it changes and what runs, then how it goes and what came of it. */
export function NodeCaptureDialog({ nodeKey }: { nodeKey: string }): ReactElement {
  const state = useCaptures(({ states }) => states.get(nodeKey));
  // Of ended captures only the one that was seen running here is shown.
  const [opened] = useState(() => (state !== undefined && !isCapturing(state) ? state : undefined));
  return state === undefined || (state.startedAt === opened?.startedAt && !isCapturing(state)) ? (
    <Before nodeKey={nodeKey} />
  ) : (
    <Running state={state} />
  );
}

function Before({ nodeKey }: { nodeKey: string }): ReactElement {
  const node = useLive((live) => live.live?.collections.find(({ id }) => id === nodeKey));
  const [wish, setWish] = useState<CaptureWish>();
  const [isRight, setRight] = useState(true);
  const [agreed, setAgreed] = useState(false);
  useEffect(() => {
    void filterOfTrace().then((filter) => setWish({ ...usual, filter }));
  }, []);
  const {
    value: plan,
    error,
    loading,
  } = useCall('live-capture:describe', wish === undefined ? null : { key: nodeKey, wish });
  const where = node === undefined ? 'the node' : `${node.name} (${node.address})`;
  const start = (): void => {
    if (wish !== undefined) void trying(() => call('live-capture:start', { key: nodeKey, wish }));
  };
  const cannot = plan?.problem ?? null;
  // What is agreed to is what stands there: not while it is of the wish before.
  const isShown = plan !== undefined && !loading;
  return (
    <Modal
      title="Capture packets on this node"
      look="wide what-runs"
      onClose={closeDialog}
      foot={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button
            look="primary"
            isDisabled={!isShown || cannot !== null || !agreed || !isRight}
            onPress={start}
          >
            Start capture
          </Button>
        </>
      }
    >
      {error === undefined ? null : <p role="alert">{error}</p>}
      {cannot === null ? null : <p role="alert">{cannot}</p>}
      {wish === undefined || cannot !== null ? null : (
        <CaptureForm
          wish={wish}
          onWish={(changed, right) => {
            setWish(changed);
            setRight(right);
          }}
        />
      )}
      {plan === undefined || cannot !== null ? null : (
        <>
          <CapturePlanView plan={plan} where={where} />
          <Checkbox isSelected={agreed} onChange={setAgreed}>
            Change the node as said above. It is the only thing here that changes a node.
          </Checkbox>
        </>
      )}
    </Modal>
  );
}

function Running({ state }: { state: CaptureState }): ReactElement {
  const { key } = state;
  return (
    <Modal
      title={`Packet capture on ${state.node}`}
      look="what-runs"
      onClose={closeDialog}
      foot={<Choices state={state} />}
    >
      <CaptureProgress key={key} state={state} />
    </Modal>
  );
}

/** What can be done about it now. */
function Choices({ state }: { state: CaptureState }): ReactElement {
  const { key } = state;
  const discard = (
    <Button look="push-end" onPress={() => void discardCapture(key)}>
      {state.state === 'unreached' ? 'Clean up' : 'Discard'}
    </Button>
  );
  switch (state.state) {
    case 'running':
    case 'unreached':
      return (
        <>
          {discard}
          <Button onPress={closeDialog}>
            {state.state === 'running' ? 'Go on in the background' : 'Close'}
          </Button>
          <Button look="primary" onPress={() => void fetchCapture(key)}>
            Stop and fetch
          </Button>
        </>
      );
    case 'starting':
    case 'fetching':
      return (
        <>
          <Button look="push-end" onPress={() => void discardCapture(key)}>
            Cancel it
          </Button>
          <Button look="primary" onPress={closeDialog}>
            Go on in the background
          </Button>
        </>
      );
    case 'cleaning':
      return (
        <Button look="primary" onPress={closeDialog}>
          Go on in the background
        </Button>
      );
    case 'done':
    case 'partly':
    case 'failed':
    case 'cancelled':
      return (
        <>
          <Button onPress={closeDialog}>Close</Button>
          {state.files.length === 0 ? null : (
            <Button
              look="primary"
              onPress={() => {
                closeDialog();
                showCapture(state);
              }}
            >
              Show capture
            </Button>
          )}
        </>
      );
  }
}
