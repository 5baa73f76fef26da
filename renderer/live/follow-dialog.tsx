import type { ReactElement } from 'react';
import { call } from '../bridge/call';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { Modal } from '../controls/modal';
import { closeDialog } from '../stores/dialogs';
import { goToStep } from '../stores/navigation';
import { trying } from './live-actions';
import { useLive } from './live-store';
import { PlanView } from './plan-view';

/** What following a log will run on the node; then it begins in the log view. */
export function FollowDialog({ nodeKey, file }: { nodeKey: string; file: string }): ReactElement {
  const { value: plan, error } = useCall('live-follow:describe', { key: nodeKey, file });
  const node = useLive((state) => state.live?.collections.find(({ id }) => id === nodeKey));
  const unkept = useLive((state) => state.followings.get(nodeKey)?.lines.length ?? 0) > 0;
  const follow = async (): Promise<void> => {
    if (!(await trying(() => call('live-follow:start', { key: nodeKey, file })))) return;
    closeDialog();
    goToStep(4, 'view');
  };
  return (
    <Modal
      title={plan?.title ?? 'Follow a log'}
      look="wide what-runs"
      onClose={closeDialog}
      foot={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button
            look="primary"
            autoFocus
            isDisabled={plan === undefined}
            onPress={() => void follow()}
          >
            Follow
          </Button>
        </>
      }
    >
      {error === undefined ? null : <p role="alert">{error}</p>}
      {unkept ? (
        <p role="status">What was followed before and not kept is dropped when this begins.</p>
      ) : null}
      {plan === undefined ? null : (
        <PlanView
          plan={plan}
          where={node === undefined ? '' : `${node.name} (${node.address})`}
          short={false}
        />
      )}
    </Modal>
  );
}
