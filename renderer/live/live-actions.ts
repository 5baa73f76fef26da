import type { Connection, ConnectionDraft } from '../../shared/ipc/live-schemas';
import { call, on, sentenceOf } from '../bridge/call';
import { useCase } from '../stores/case';
import { showDialog } from '../stores/dialogs';
import { goTo } from '../stores/navigation';
import { say } from '../stores/toasts';
import { followCaptures } from './capture-store';
import { connectionName } from './connection-kinds';
import { followingChanged, linesFollowed, useLive } from './live-store';

/** Follows main's word about live nodes; gives the function that stops it. */
export function followLive(): () => void {
  const stops = [
    on('live-changed', (live) => useLive.setState({ live })),
    on('live-action', (state) =>
      useLive.setState(({ actions }) => ({ actions: new Map(actions).set(state.key, state) })),
    ),
    followCaptures(),
    on('live-follow', ({ key, state }) => followingChanged(key, state)),
    on('live-follow-lines', ({ key, lines }) => linesFollowed(key, lines)),
  ];
  void trying(async () => useLive.setState({ live: await call('live:state', {}) }));
  return () => {
    for (const stop of stops) stop();
  };
}

/** Does something, and says what went wrong if it fails; says whether it worked. */
export async function trying(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    say(sentenceOf(error), { tone: 'error' });
    return false;
  }
}

/** Shows the list of nodes: a view of the case, or a screen of its own where nothing is open. */
export function showNodes(): void {
  if (useCase.getState().summary !== null) goTo({ kind: 'nodes' });
  else useCase.setState({ nodesShown: true, failure: null });
}

/** Leaves the list of nodes for the welcome screen. */
export function hideNodes(): void {
  useCase.setState({ nodesShown: false });
  if (useCase.getState().summary !== null) goTo({ kind: 'step', step: 1, tab: 'findings' });
}

export function connectToNode(from?: Connection, copy = false): void {
  showDialog({ kind: 'connect', ...(from === undefined ? {} : { from }), copy });
}

/** Begins to collect from nodes of the list and shows how it goes. */
export async function collectFrom(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  showNodes();
  await trying(() => call('live:collect', { ids: [...ids] }));
}

export async function deleteConnection(connection: Connection): Promise<void> {
  const { id } = connection;
  if (!(await trying(() => call('live:delete-connection', { id })))) return;
  say(`${connectionName(connection)} was taken off the list.`, {
    action: {
      title: 'Undo',
      run: () => void trying(() => call('live:undo-delete', {})),
    },
  });
}

export async function saveBundle(id: string): Promise<void> {
  await trying(async () => {
    const { saved } = await call('live:save-bundle', { id });
    if (saved !== null) say(`Bundle saved: ${saved}`, { tone: 'ok' });
  });
}

export async function saveScript(): Promise<void> {
  await trying(async () => {
    const { saved } = await call('live:save-script', {});
    if (saved !== null) say(`Script saved: ${saved}`, { tone: 'ok' });
  });
}

/** A connection as nobody has described it yet. */
export const newDraft = (): ConnectionDraft => ({
  id: crypto.randomUUID(),
  name: '',
  kind: 'ssh',
  host: '',
  port: null,
  user: '',
  authentication: 'agent',
  key: null,
  jump: '',
  cluster: null,
  what: { include: [], logLines: null, eventHours: null, sectionSeconds: null },
});

/** What can be changed of a connection; `copy`: as a new one. */
export function draftOf(connection: Connection, copy: boolean): ConnectionDraft {
  const { lastUsed: _lastUsed, secret: _secret, ...draft } = connection;
  return copy ? { ...draft, id: crypto.randomUUID(), name: `${draft.name} copy`.trim() } : draft;
}
