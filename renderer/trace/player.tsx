import { useEffect, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import type { TraceEnd, TraceStop } from '../../shared/ipc/trace-schemas';
import { IconButton, Button } from '../controls/button';
import { Icon } from '../controls/icons';

/** Long enough to read a sentence of the usual length. */
const stopMs = 1400;

/** Plays a way stop by stop: Space plays and pauses, arrows step, Home and End go to its ends. */
export function Player({
  stops,
  end,
  at,
  onShow,
}: {
  stops: readonly TraceStop[];
  end: TraceEnd;
  at: number | null;
  onShow: (index: number) => void;
}): ReactElement {
  const last = stops.length;
  const shown = at ?? last;
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return undefined;
    if (at !== null && at >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => onShow((at ?? -1) + 1), at === null ? 0 : stopMs);
    return () => clearTimeout(timer);
  }, [playing, at, last, onShow]);
  const go = (index: number): void => {
    setPlaying(false);
    onShow(Math.max(0, Math.min(last, index)));
  };
  const toggle = (): void => {
    if (!playing && shown >= last) onShow(0);
    setPlaying(!playing);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    toggle();
  };
  const stop = stops[shown];
  const sentence = stop === undefined ? `${end.title}: ${end.text}` : stop.text;
  return (
    <div className="player" role="group" aria-label="Play the way" onKeyDown={onKeyDown}>
      <IconButton
        look="icon"
        label="Step back"
        onPress={() => go(shown - 1)}
        isDisabled={shown === 0}
      >
        <Icon name="back" size={12} />
      </IconButton>
      <Button look="play" onPress={toggle}>
        <Icon name={playing ? 'pause' : 'play'} size={12} />
        {playing ? 'Pause' : 'Play'}
      </Button>
      <IconButton
        look="icon"
        label="Step on"
        onPress={() => go(shown + 1)}
        isDisabled={shown === last}
      >
        <Icon name="forward" size={12} />
      </IconButton>
      <Slider
        className="scrubber"
        aria-label="Moment"
        minValue={1}
        maxValue={last + 1}
        value={shown + 1}
        onChange={(value) => go((typeof value === 'number' ? value : (value[0] ?? 1)) - 1)}
      >
        <SliderTrack className="scrubber-track">
          {({ state }) => (
            <>
              <span className="scrubber-rail" />
              <span
                className="scrubber-fill"
                style={{ width: `${state.getThumbPercent(0) * 100}%` }}
              />
              <SliderThumb className="scrubber-thumb" />
            </>
          )}
        </SliderTrack>
      </Slider>
      <p className="moment">
        <span className="dim tabular">
          step {shown + 1} of {last + 1} ·{' '}
        </span>
        <strong aria-live="polite">{sentence}</strong>
      </p>
    </div>
  );
}
