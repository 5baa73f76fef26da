import type { LiveAction } from '../../shared/ipc/live-action-schemas';
import { call } from '../bridge/call';
import { currentSnapshot, useCase } from '../stores/case';
import { showDialog } from '../stores/dialogs';
import { say } from '../stores/toasts';
import { trying } from './live-actions';

/** Shows what an action would run on the node on screen, if that is read live. */
export function doOnNode(action: LiveAction): void {
  const live = currentSnapshot(useCase.getState())?.live;
  if (live !== undefined) showDialog({ kind: 'node-action', key: live.key, action });
}

/** The same for connections of the node to what its snapshot shows. */
export async function testConnections(snapshotId: string): Promise<void> {
  await trying(async () => {
    const { legs } = await call('live-action:legs', { snapshotId });
    if (legs.length === 0) say('The snapshot shows no pod and no service to connect to.');
    else doOnNode({ kind: 'connections', legs });
  });
}
