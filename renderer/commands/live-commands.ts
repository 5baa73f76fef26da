import { call } from '../bridge/call';
import { captureOnNode } from '../live/capture-actions';
import { connectToNode, saveBundle, saveScript, showNodes, trying } from '../live/live-actions';
import { isRunning, useLive } from '../live/live-store';
import { doOnNode } from '../live/node-action';
import { currentSnapshot, useCase } from '../stores/case';
import { showDialog } from '../stores/dialogs';
import { useNavigation } from '../stores/navigation';
import { always, type Command } from './command';

const liveKey = (): string | undefined => currentSnapshot(useCase.getState())?.live?.key;

const onLiveNode = (): true | string =>
  currentSnapshot(useCase.getState())?.live?.running === false ||
  'The snapshot on screen was not read live.';

function onSnapshot(show: (snapshotId: string) => void): void {
  const id = currentSnapshot(useCase.getState())?.id;
  if (id !== undefined) show(id);
}

export const liveCommands: readonly Command[] = [
  {
    id: 'connect',
    title: 'Connect to a node…',
    group: 'Case',
    shortcut: 'Ctrl+Shift+N',
    enabled: always,
    run: () => connectToNode(),
  },
  { id: 'nodes', title: 'Nodes', group: 'Go to', enabled: always, run: showNodes },
  {
    id: 'refresh-step',
    title: 'Refresh this step from the node…',
    group: 'View',
    shortcut: 'F5',
    enabled: () => {
      if (useNavigation.getState().walk.present.place.kind !== 'step') return 'Go to a step first.';
      return liveKey() !== undefined || 'The snapshot on screen was not read live.';
    },
    run: () => {
      const { place } = useNavigation.getState().walk.present;
      if (place.kind === 'step') doOnNode({ kind: 'refresh', step: place.step });
    },
  },
  {
    id: 'capture-packets',
    title: 'Capture packets on this node…',
    group: 'View',
    enabled: () => liveKey() !== undefined || 'The snapshot on screen was not read live.',
    run: () => captureOnNode(),
  },
  {
    id: 'test-connections',
    title: 'Test connections of the node and its pods…',
    group: 'View',
    enabled: onLiveNode,
    run: () => onSnapshot((snapshotId) => showDialog({ kind: 'legs', snapshotId })),
  },
  {
    id: 'look-inside',
    title: 'Look inside a container of the node…',
    group: 'View',
    enabled: onLiveNode,
    run: () => onSnapshot((snapshotId) => showDialog({ kind: 'inside', snapshotId })),
  },
  {
    id: 'save-bundle',
    title: 'Save the node on screen as a bundle…',
    group: 'Case',
    enabled: () => liveKey() !== undefined || 'The snapshot on screen was not read live.',
    run: () => saveBundle(liveKey() ?? ''),
  },
  {
    id: 'cancel-collecting',
    title: 'Cancel all collecting',
    group: 'Case',
    enabled: () =>
      (useLive.getState().live?.collections ?? []).some(isRunning) || 'Nothing is being collected.',
    run: async () => {
      await trying(() => call('live:cancel', { id: null }));
    },
  },
  {
    id: 'save-script',
    title: 'Save the collector as a script…',
    group: 'Case',
    enabled: always,
    run: saveScript,
  },
];
