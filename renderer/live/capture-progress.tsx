import type { ReactElement } from 'react';
import type { CaptureState } from '../../shared/ipc/live-capture-schemas';
import { StatusMark, type Status } from '../controls/status-mark';
import { bytes } from '../controls/text';
import { isCapturing } from './capture-store';
import { minutes, useSeconds } from './use-seconds';

const words: Readonly<Record<CaptureState['state'], { status: Status; text: string }>> = {
  starting: { status: 'info', text: 'Starting' },
  running: { status: 'info', text: 'Capturing' },
  fetching: { status: 'info', text: 'Stopping and fetching' },
  cleaning: { status: 'info', text: 'Cleaning up' },
  unreached: { status: 'warning', text: 'The node is not cleaned up yet.' },
  done: { status: 'ok', text: 'Fetched. The checks were run again with it.' },
  partly: { status: 'warning', text: 'Fetched, but not whole.' },
  failed: { status: 'error', text: 'Nothing was captured.' },
  cancelled: { status: 'not-checked', text: 'Given up. Nothing was fetched.' },
};

/** `4:05 of 5:00`, of a capture that runs. */
export function CaptureTime({ state }: { state: CaptureState }): ReactElement {
  const now = useSeconds(state.state === 'running');
  const { startedAt, wish } = state;
  const passed = Math.min(wish.seconds, Math.max(0, Math.floor((now - startedAt) / 1000)));
  return (
    // Not to be read aloud every second.
    <span className="tabular" aria-live="off">
      {minutes(passed)} of {minutes(wish.seconds)}
    </span>
  );
}

/** How a capture goes or ended, and what the node was left with. */
export function CaptureProgress({ state }: { state: CaptureState }): ReactElement {
  const { status, text } = words[state.state];
  const atWork =
    state.state === 'starting' || state.state === 'fetching' || state.state === 'cleaning';
  return (
    <div role="status" className="capture-progress">
      <p className="with-mark">
        <StatusMark status={status} size={12} />
        <strong>{text}</strong>
        {state.state === 'running' ? <CaptureTime state={state} /> : null}
        {atWork && state.at !== '' ? <span className="dim">{state.at}</span> : null}
        {atWork && state.bytes > 0 ? (
          <span className="dim tabular">{bytes(state.bytes)}</span>
        ) : null}
      </p>
      {state.state === 'running' ? (
        <p className="dim">
          By {state.tool === 'netsh' ? 'netsh trace' : 'Packet Monitor'}, the last{' '}
          {state.wish.megabytes} MB{filterText(state)}. Bring the symptom about now.
        </p>
      ) : null}
      {state.notes.map((note) => (
        <p key={note} className="failure-text selectable">
          {note}
        </p>
      ))}
      <p>{nodeText(state)}</p>
    </div>
  );
}

function filterText({ wish: { filter } }: CaptureState): string {
  const { address, port, protocol } = filter;
  const parts = [
    ...(protocol === null ? [] : [protocol.toUpperCase()]),
    ...(address === null ? [] : [`from or to ${address}`]),
    ...(port === null ? [] : [`port ${port}`]),
  ];
  return parts.length === 0 ? '' : `, only ${parts.join(', ')}`;
}

/** What is on the node, plainly. */
function nodeText(state: CaptureState): string {
  if (!isCapturing(state))
    return state.clean
      ? 'Nothing of it is on the node.'
      : 'Whether anything of it is left on the node is not known.';
  const time = new Date(state.byItself);
  const clock = `${String(time.getHours()).padStart(2, '0')}:${String(time.getMinutes()).padStart(2, '0')}`;
  return state.state === 'unreached'
    ? `The node ends it and removes everything of it by itself, by ${clock} at the latest.`
    : `Should this computer or its connection fail, the node ends it and removes everything by itself, by ${clock}.`;
}
