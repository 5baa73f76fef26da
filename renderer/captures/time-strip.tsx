import { useEffect, useRef, useState, type PointerEvent, type ReactElement } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useCall } from '../bridge/use-call';
import { Button } from '../controls/button';
import { number } from '../controls/text';
import { useSnapshot } from '../stores/case';
import { lookAtFlows, useCaptureLook } from '../stores/captures';

const parts = 160;

const clock = (time: number): string => new Date(time).toISOString().slice(11, 23);

/** Packets over the time of the capture. A span is drawn over it, or set by the two handles beneath. */
export function TimeStrip({ file }: { file: string }): ReactElement | null {
  const { id: snapshotId } = useSnapshot();
  const { filter, flow, span } = useCaptureLook();
  const { value } = useCall('captures:timeline', {
    snapshotId,
    file,
    filter,
    from: null,
    to: null,
    flow,
    parts,
  });
  const bars = useRef<HTMLDivElement>(null);
  const drawn = useRef<number | null>(null);
  const [range, setRange] = useState<readonly [number, number]>([0, parts]);
  const from = value?.from ?? 0;
  const width = Math.max(1e-6, (value?.to ?? 0) - from) / parts;
  useEffect(() => {
    const partOf = (time: number): number =>
      Math.round(Math.min(parts, Math.max(0, (time - from) / width)));
    setRange(span === null ? [0, parts] : [partOf(span.from), partOf(span.to)]);
  }, [span, from, width]);
  if (value === undefined || value === null || value.to <= value.from) return null;

  const apply = ([first, last]: readonly [number, number]): void => {
    const whole = first <= 0 && last >= parts;
    lookAtFlows({ span: whole ? null : { from: from + first * width, to: from + last * width } });
  };
  const partAt = (event: PointerEvent): number => {
    const box = bars.current?.getBoundingClientRect();
    if (box === undefined) return 0;
    return Math.round(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * parts);
  };
  const drawTo = (event: PointerEvent): readonly [number, number] => {
    const [a, b] = [drawn.current ?? 0, partAt(event)];
    return [Math.min(a, b), Math.max(a, b, Math.min(a, b) + 1)];
  };
  const most = value.counts.reduce((top, count) => Math.max(top, count), 1);
  const [first, last] = range;
  return (
    <div className="time-strip" role="group" aria-label="Time of the capture">
      <div
        ref={bars}
        className="time-bars"
        aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drawn.current = partAt(event);
        }}
        onPointerMove={(event) => {
          if (drawn.current !== null) setRange(drawTo(event));
        }}
        onPointerUp={(event) => {
          if (drawn.current === null) return;
          const next = drawTo(event);
          drawn.current = null;
          apply(next);
        }}
        onPointerCancel={() => {
          drawn.current = null;
        }}
      >
        {value.counts.map((count, part) => (
          <span
            key={part}
            className={`${part >= first && part < last ? 'in' : 'out'} ${(value.troubled[part] ?? 0) > 0 ? 'troubled' : ''}`}
            style={{
              height:
                count === 0 ? 0 : `${Math.max(8, (Math.sqrt(count) / Math.sqrt(most)) * 100)}%`,
            }}
            title={`${clock(from + part * width)}: ${number(count)}`}
          />
        ))}
      </div>
      <Slider
        className="time-slider"
        aria-label="Span of time"
        minValue={0}
        maxValue={parts}
        value={[first, last]}
        onChange={(next) => Array.isArray(next) && setRange([next[0] ?? 0, next[1] ?? parts])}
        onChangeEnd={(next) => Array.isArray(next) && apply([next[0] ?? 0, next[1] ?? parts])}
      >
        <SliderTrack className="time-track">
          <SliderThumb index={0} className="time-thumb" aria-label="From" />
          <SliderThumb index={1} className="time-thumb" aria-label="To" />
        </SliderTrack>
      </Slider>
      <div className="time-ends dim tabular">
        <span>{clock(from + first * width)}</span>
        {span === null ? (
          <span>Draw over the bars to narrow the time</span>
        ) : (
          <Button look="small quiet" onPress={() => lookAtFlows({ span: null })}>
            Whole time
          </Button>
        )}
        <span>{clock(from + last * width)}</span>
      </div>
    </div>
  );
}
