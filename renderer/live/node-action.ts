import type { LiveAction } from '../../shared/ipc/live-action-schemas';
import { currentSnapshot, useCase } from '../stores/case';
import { showDialog } from '../stores/dialogs';

/** Shows what an action would run on the node on screen, if that is read live. */
export function doOnNode(action: LiveAction): void {
  const live = currentSnapshot(useCase.getState())?.live;
  if (live !== undefined) showDialog({ kind: 'node-action', key: live.key, action });
}
