import type { ReactElement } from 'react';
import type { EntityLink } from '../../shared/ipc/finding-schemas';
import { Button } from '../controls/button';
import { useSnapshot } from '../stores/case';
import type { StepNumber } from '../stores/navigation';
import { showDialog } from '../stores/dialogs';
import { doOnNode } from './node-action';

/** What can be done for a step on the node it shows; nothing where that is no live node. */
export function OnThisNode({ step }: { step: StepNumber }): ReactElement | null {
  const { id, live } = useSnapshot();
  if (live === undefined || live.running) return null;
  return (
    <div className="on-this-node" role="group" aria-label="On this node">
      {step === 2 ? (
        <Button
          look="quiet small"
          label="Test connections of the node"
          onPress={() => showDialog({ kind: 'legs', snapshotId: id })}
        >
          Test connections…
        </Button>
      ) : null}
      {step === 6 ? (
        <Button
          look="quiet small"
          label="Look inside a container of the node"
          onPress={() => showDialog({ kind: 'inside', snapshotId: id })}
        >
          Look inside…
        </Button>
      ) : null}
      <Button
        look="quiet small"
        label="Refresh this step from the node"
        onPress={() => doOnNode({ kind: 'refresh', step })}
      >
        Refresh…
      </Button>
    </div>
  );
}

/** Asks the node of an object for more of it, where that is a live one and can be asked. */
export function ReadAfresh({
  kind,
  name,
}: {
  kind: EntityLink['kind'];
  /** Of an endpoint: its address. */
  name: string;
}): ReactElement | null {
  const { id, live } = useSnapshot();
  if (live === undefined || live.running) return null;
  if (kind !== 'endpoint' && kind !== 'vfp-port') return null;
  return (
    <>
      <Button look="small" label="Read afresh from the node" onPress={() => doOnNode({ kind })}>
        Read afresh…
      </Button>
      {kind === 'endpoint' ? (
        <Button
          look="small"
          label="Look inside its container"
          onPress={() => showDialog({ kind: 'inside', snapshotId: id, address: name })}
        >
          Look inside…
        </Button>
      ) : null}
    </>
  );
}
