import type { CaptureFilter } from '../../shared/ipc/live-capture-schemas';
import { call } from '../bridge/call';
import { currentSnapshot, useCase } from '../stores/case';
import { showDialog } from '../stores/dialogs';
import { useTrace } from '../stores/trace';
import { trying } from './live-actions';

/** Shows what a capture on the node on screen would change, if that is read live; or the one that runs. */
export function captureOnNode(): void {
  const live = currentSnapshot(useCase.getState())?.live;
  if (live !== undefined) showCaptureOf(live.key);
}

/** Opens the dialog of a live node's capture; `key` is that of its collection. */
export function showCaptureOf(key: string): void {
  showDialog({ kind: 'node-capture', key });
}

/**
 * Stops the capture, fetches its packets and removes it from the node. A failure becomes a
 * message.
 */
export async function fetchCapture(key: string): Promise<void> {
  await trying(() => call('live-capture:fetch', { key }));
}

/**
 * Stops the capture and removes it from the node without its packets. A failure becomes a
 * message.
 */
export async function discardCapture(key: string): Promise<void> {
  await trying(() => call('live-capture:discard', { key }));
}

/** Everything. */
export const noFilter: CaptureFilter = { address: null, port: null, protocol: null };

const IPV4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/;
const IPV6 = /^\[?((?=[^:]*:)[0-9a-fA-F:]{2,39})(?:\]:\d+)?$/;

/**
 * The packets that the trace on screen is about: those of who sends, by its address there. Ports and
 * the receiver are left out, since a service's change on the way.
 */
export async function filterOfTrace(): Promise<CaptureFilter> {
  const { question, caseId } = useTrace.getState();
  const { snapshotId, summary } = useCase.getState();
  if (question === null || snapshotId === null || caseId !== summary?.caseId) return noFilter;
  const asked = { snapshotId, question, depth: 'minimal', way: null, reply: false } as const;
  const answer = await call('trace:run', asked).catch(() => undefined);
  if (answer?.kind !== 'trace') return noFilter;
  const first = answer.trace.columns[0]?.stops[0]?.header.find(({ label }) => label === 'from');
  const text = first?.text.trim() ?? '';
  const address = (IPV4.exec(text) ?? IPV6.exec(text))?.[1] ?? null;
  return address === null ? noFilter : { ...noFilter, address };
}

/** Whether a text is an address that a capture can be limited to. */
export const isAddress = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text)
    ? text.split('.').every((part) => Number(part) < 256)
    : /^(?=[^:]*:)[0-9a-fA-F:]{2,39}$/.test(text);
