import { useState, type ReactElement } from 'react';
import type { TraceStop, TraceView } from '../../shared/ipc/trace-schemas';
import { openRaw, useDrawer } from '../stores/drawer';
import { select } from '../stores/navigation';
import { useTrace } from '../stores/trace';
import { AskSwitch } from './ask-switch';
import { EndCard } from './end-card';
import { OriginNotice } from './origin-notice';
import { Pipeline } from './pipeline';
import { Player, usePlay } from './player';
import { ReplyPath } from './reply-path';
import { Verdict } from './verdict';

/** The way of a packet: where it is at each moment, what happens there, how it ends. */
export function TraceResult({ trace }: { trace: TraceView }): ReactElement {
  const stops = trace.columns.flatMap((column) => column.stops);
  const [at, setAt] = useState<number | null>(null);
  const reply = useTrace((state) => state.reply);
  const origin = useTrace((state) => state.origin);
  /** The drawer follows what is played, as it follows a selection; nothing is selected by watching. */
  const show = (index: number): void => {
    setAt(index);
    const evidence = stops[index]?.evidence[0];
    if (evidence !== undefined && useDrawer.getState().target !== null) openRaw(evidence);
  };
  const play = usePlay(stops.length + 1, at ?? stops.length, show);
  // The verdict stands above: what it says is not said twice.
  const ending = `${trace.end.title}: ${trace.end.text}`;
  const ends = ending === trace.verdict ? trace.end.title : ending;
  const open = (stop: TraceStop, index: number): void => {
    setAt(index);
    const [entity] = stop.entities;
    const [evidence] = stop.evidence;
    if (entity !== undefined) select(entity, { reveal: true });
    if (evidence !== undefined) openRaw(evidence);
  };
  return (
    <>
      <Verdict trace={trace} />
      <AskSwitch trace={trace} />
      {origin === null ? null : <OriginNotice origin={origin} trace={trace} />}
      {stops.length === 0 ? null : <Player play={play} sentence={stops[play.at]?.text ?? ends} />}
      <Pipeline columns={trace.columns} at={at} onOpen={open}>
        <EndCard end={trace.end} current={at === stops.length} answer={trace.reply} />
      </Pipeline>
      {reply && trace.reply !== null ? <ReplyPath reply={trace.reply} onOpen={open} /> : null}
    </>
  );
}
