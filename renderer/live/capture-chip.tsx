import type { ReactElement } from 'react';
import type { CaptureState } from '../../shared/ipc/live-capture-schemas';
import { LinkButton } from '../controls/button';
import { StatusMark } from '../controls/status-mark';
import { bytes } from '../controls/text';
import { fetchCapture, showCaptureOf } from './capture-actions';
import { CaptureTime } from './capture-progress';
import { isCapturing, useCaptures } from './capture-store';

/** Captures that are on nodes, in the status bar, wherever one goes meanwhile. */
export function CaptureChip(): ReactElement | null {
  const states = useCaptures((known) => known.states);
  const shown = [...states.values()].filter(isCapturing);
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map((state) => (
        <span
          key={state.key}
          className="capture-chip"
          role="group"
          aria-label={`Capture on ${state.node}`}
        >
          <StatusMark status={state.state === 'unreached' ? 'warning' : 'info'} size={10} />
          <LinkButton onPress={() => showCaptureOf(state.key)}>
            <Word state={state} />
          </LinkButton>
          {state.state === 'running' || state.state === 'unreached' ? (
            <>
              <LinkButton
                label={`Stop and fetch the capture on ${state.node}`}
                onPress={() => void fetchCapture(state.key)}
              >
                Stop and fetch
              </LinkButton>
              <LinkButton
                label={`Discard the capture on ${state.node}`}
                onPress={() => showCaptureOf(state.key)}
              >
                Discard…
              </LinkButton>
            </>
          ) : null}
        </span>
      ))}
    </>
  );
}

function Word({ state }: { state: CaptureState }): ReactElement {
  const name = <span className="capture-node">{state.node}</span>;
  switch (state.state) {
    case 'running':
      return (
        <>
          Capturing on {name}: <CaptureTime state={state} />
        </>
      );
    case 'starting':
      return <>Starting a capture on {name}</>;
    case 'fetching':
      return (
        <>
          Fetching the capture of {name}: {bytes(state.bytes)}
        </>
      );
    case 'cleaning':
      return <>Cleaning up {name}</>;
    default:
      return <>Capture on {name}: not cleaned up</>;
  }
}
