import type { ReactElement } from 'react';
import { Button } from '../controls/button';
import { useSnapshot } from '../stores/case';
import { captureOnNode } from './capture-actions';
import { isCapturing, useCaptures } from './capture-store';

/** Leads to a capture on the node on screen; nothing where that is not read live. */
export function CaptureOnNode({
  look = '',
  short = false,
}: {
  look?: string;
  /** Where there is little room. */
  short?: boolean;
}): ReactElement | null {
  const { live } = useSnapshot();
  const state = useCaptures(({ states }) => states.get(live?.key ?? ''));
  if (live === undefined || live.running) return null;
  const runs = state !== undefined && isCapturing(state);
  const text = runs ? 'Capture on this node…' : 'Capture packets on this node…';
  return (
    <div className="capture-on-node">
      <Button look={look} label={text} onPress={captureOnNode}>
        {short ? 'Capture…' : text}
      </Button>
    </div>
  );
}
