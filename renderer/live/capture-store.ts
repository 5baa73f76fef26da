import { create } from 'zustand';
import type { CaptureState } from '../../shared/ipc/live-capture-schemas';
import { call, on } from '../bridge/call';
import { lookAtFile } from '../stores/captures';
import { snapshotsOf, useCase } from '../stores/case';
import { showSnapshot } from '../stores/case-actions';
import { useDialog } from '../stores/dialogs';
import { goToStep } from '../stores/navigation';
import { say } from '../stores/toasts';

/** Packet captures on nodes as main last told of them, by the key of their collection. */
export const useCaptures = create<{ readonly states: ReadonlyMap<string, CaptureState> }>(() => ({
  states: new Map(),
}));

const onTheNode: readonly CaptureState['state'][] = [
  ...(['starting', 'running', 'fetching', 'cleaning', 'unreached'] as const),
];

/** It is on the node, or may be. */
export const isCapturing = ({ state }: Pick<CaptureState, 'state'>): boolean =>
  onTheNode.includes(state);

/** Follows main's word about captures; gives the function that stops it. */
export function followCaptures(): () => void {
  // What already runs, if the page was loaded again; what is told meanwhile is newer.
  void call('live-capture:states', {}).then(({ states }) =>
    useCaptures.setState(({ states: known }) => ({
      states: new Map([...states.map((each) => [each.key, each] as const), ...known]),
    })),
  );
  return on('live-capture', (state) => {
    const before = useCaptures.getState().states.get(state.key);
    useCaptures.setState(({ states }) => ({ states: new Map(states).set(state.key, state) }));
    if (before !== undefined && isCapturing(before) && !isCapturing(state)) tellEnd(state);
  });
}

const ends: Partial<Record<CaptureState['state'], string>> = {
  done: 'was fetched; nothing is left on the node',
  partly: 'was fetched, but not whole',
  failed: 'brought nothing',
};

/** Says how a capture ended, wherever one is by then. */
function tellEnd(state: CaptureState): void {
  const end = ends[state.state];
  const { open } = useDialog.getState();
  // Its own dialog says it already.
  if (end === undefined || (open?.kind === 'node-capture' && open.key === state.key)) return;
  const shown = useCase.getState().summary !== null && state.files.length > 0;
  say(`The capture on ${state.node} ${end}.`, {
    tone: state.state === 'done' ? 'ok' : 'error',
    ...(shown ? { action: { title: 'Show', run: () => showCapture(state) } } : {}),
  });
}

/** Goes to the captures of step 8, to this one as soon as it is analysed. */
export function showCapture({ key, files }: CaptureState): void {
  const { summary, snapshotId } = useCase.getState();
  const snapshot = snapshotsOf(summary).find(({ live }) => live?.key === key);
  const file = files.find((path) => path.endsWith('.pcapng'));
  if (snapshot !== undefined && snapshot.id !== snapshotId)
    void showSnapshot(snapshot.id, { anew: false });
  goToStep(8, 'captures');
  if (file !== undefined) lookAtFile(file);
}
