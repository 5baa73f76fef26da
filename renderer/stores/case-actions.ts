import type { SourceRef } from '../../shared/ipc/app-schemas';
import type { CaseSummary, SnapshotSummary } from '../../shared/ipc/case-schemas';
import { call, CallError, on, sentenceOf } from '../bridge/call';
import { readAppInfo } from './app-info';
import { currentSnapshot, snapshotsOf, useCase } from './case';
import { closeRaw } from './drawer';
import { evidenceRuns } from './evidence-calls';
import { useLayout } from './layout';
import { goToFinding, startAt } from './navigation';
import { say } from './toasts';

/** Opens what the tokens or ids stand for; `name` is said while it loads. */
export async function openCase(sources: readonly SourceRef[], name: string): Promise<void> {
  await openBy(() => call('case:open', { sources: [...sources] }), name);
}

/** Opens pasted text as a new case. */
export async function openText(text: string): Promise<void> {
  await openBy(() => call('case:open-text', { text }), 'Pasted text');
}

async function openBy(ask: () => Promise<unknown>, name: string): Promise<void> {
  useCase.setState({ opening: { name, progress: null }, failure: null });
  try {
    await ask();
  } catch (error) {
    if (error instanceof CallError && error.code === 'cancelled') {
      useCase.setState({ opening: null });
      return;
    }
    useCase.setState({ opening: null, failure: { name, message: sentenceOf(error) } });
    return;
  }
  await readCase();
  useCase.setState({ opening: null });
  void readAppInfo();
}

/** Shows the system's dialog and opens what was chosen. */
export async function chooseAndOpen(what: 'folder' | 'file'): Promise<void> {
  const { items } = await call('app:choose', { what });
  if (items.length === 0) return;
  await openCase(
    items.map(({ token }) => ({ kind: 'token', token })),
    items.map(({ name }) => name).join(', '),
  );
}

export async function cancelOpening(): Promise<void> {
  await call('case:cancel', {});
}

export async function closeCase(): Promise<void> {
  await call('case:close', {});
}

/** Shows a snapshot, and what its verdict points at when it is another case. */
export async function showSnapshot(snapshotId: string, options: { anew: boolean }): Promise<void> {
  useCase.setState({ snapshotId });
  if (!options.anew) return;
  closeRaw();
  if (useCase.getState().nodesShown) {
    // The case has come of nodes that are being read: one stays where one sees how that goes.
    useCase.setState({ nodesShown: false });
    startAt({ kind: 'nodes' });
    return;
  }
  const verdict = currentSnapshot(useCase.getState())?.verdict;
  const index = verdict?.findingIndex ?? null;
  startAt({ kind: 'step', step: verdict?.tone === 'unknown' ? 1 : 7, tab: 'view' });
  if (index === null) return;
  const finding = await call('finding:get', { index });
  if (finding !== null && useCase.getState().snapshotId === snapshotId) {
    goToFinding(finding);
    startAt({ kind: 'step', step: finding.step, tab: 'findings', finding: index });
  }
}

/** Reads what is open. The snapshot on screen stays if it is still there. */
async function readCase(): Promise<void> {
  const summary = await call('case:summary', {});
  const before = useCase.getState();
  const anew = before.summary?.caseId !== summary.caseId;
  const snapshots = snapshotsOf(summary);
  const id = anew ? undefined : sameSnapshot(currentSnapshot(before), snapshots)?.id;
  const first = firstShown(summary)?.id ?? null;
  useCase.setState({
    summary,
    revision: before.revision + 1,
    snapshotId: id ?? first,
  });
  if (id === undefined && first !== null) await showSnapshot(first, { anew });
}

const urgency = { error: 0, warning: 1, info: 2, unknown: 2, ok: 2 } as const;

/** Of several nodes the one that is worst off, as it was last: a list of snapshots is in order of time. */
function firstShown({ nodes }: CaseSummary): SnapshotSummary | undefined {
  const newest = nodes.flatMap(({ snapshots }) => snapshots.at(-1) ?? []);
  return newest.sort((a, b) => urgency[a.verdict.tone] - urgency[b.verdict.tone])[0];
}

/** The snapshot that was on screen, as it is now: one that is read live finds its name on the way. */
function sameSnapshot(
  shown: SnapshotSummary | undefined,
  all: readonly SnapshotSummary[],
): SnapshotSummary | undefined {
  if (shown === undefined) return undefined;
  return (
    all.find(({ id }) => id === shown.id) ??
    all.find(({ live }) => live !== undefined && live.key === shown.live?.key)
  );
}

let reading = Promise.resolve();

/** Follows main's events; gives the function that stops it. */
export function followCase(): () => void {
  const stops = [
    on('progress', (progress) => {
      const { opening, failure } = useCase.getState();
      if (evidenceRuns() && opening === null) return;
      const name = opening?.name || progress.name || failure?.name || '';
      if (progress.phase === 'done') return;
      if (progress.phase === 'cancelled') {
        useCase.setState({ opening: null });
      } else if (progress.phase === 'failed') {
        useCase.setState({
          opening: null,
          failure: {
            name,
            message: progress.message ?? 'It could not be read.',
          },
        });
      } else if (opening !== null || progress.phase === 'listing') {
        useCase.setState({
          opening: { name, progress },
          failure: null,
        });
      }
    }),
    on('case-changed', ({ open }) => {
      if (!open) {
        useCase.setState((state) => ({
          summary: null,
          snapshotId: null,
          revision: state.revision + 1,
        }));
        closeRaw();
        void readAppInfo();
        return;
      }
      reading = reading
        .then(readCase)
        .then(() => useCase.setState({ opening: null }))
        .then(readAppInfo)
        .then(
          () => undefined,
          (error: unknown) => say(sentenceOf(error), { tone: 'error' }),
        );
    }),
    on('case:confirm', (confirm) => useCase.setState({ confirm })),
    on('settings-changed', (settings) => useLayout.getState().take(settings)),
  ];
  return () => stops.forEach((stop) => stop());
}

export async function answerConfirm(id: string, goOn: boolean): Promise<void> {
  useCase.setState({ confirm: null });
  await call('case:answer', { id, goOn });
}

/** Reads what main knows at the start, a case that is open already included. */
export async function startUp(): Promise<void> {
  const info = await readAppInfo();
  useLayout.getState().take(info.settings);
  if (info.opening) useCase.setState({ opening: { name: '', progress: null } });
  if (info.caseOpen) {
    await readCase();
    useCase.setState({ opening: null });
  }
}
