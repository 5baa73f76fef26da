import { useEffect, useState, type KeyboardEvent, type ReactElement } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { IconButton, Button } from '../controls/button';
import { Icon } from '../controls/icons';

/** Long enough to read a sentence of the usual length. */
const momentMs = 1600;

/** What plays: the moment that is shown, and the ways to another. */
export interface Play {
  readonly at: number;
  readonly last: number;
  readonly playing: boolean;
  readonly go: (at: number) => void;
  readonly toggle: () => void;
  /** Space plays and pauses, arrows step, Home and End go to the ends. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Plays `count` moments from `at` on, one after the other, and stops at the last. */
export function usePlay(count: number, at: number, onShow: (at: number) => void): Play {
  const last = Math.max(0, count - 1);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return undefined;
    if (at >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => onShow(at + 1), momentMs);
    return () => clearTimeout(timer);
  }, [playing, at, last, onShow]);
  const go = (next: number): void => {
    setPlaying(false);
    onShow(Math.max(0, Math.min(last, next)));
  };
  const toggle = (): void => {
    if (!playing && at >= last) onShow(0);
    setPlaying(!playing);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { target, key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    // Buttons take Space for themselves, the slider its arrows.
    const onSlider = target instanceof HTMLInputElement;
    if (key === ' ' && !(target instanceof HTMLButtonElement)) toggle();
    else if (onSlider) return;
    else if (key === 'ArrowRight') go(at + 1);
    else if (key === 'ArrowLeft') go(at - 1);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(last);
    else return;
    event.preventDefault();
  };
  return { at, last, playing, go, toggle, onKeyDown };
}

/** The buttons and the slider of what plays, with its sentence, which is read out as it changes. */
export function Player({ play, sentence }: { play: Play; sentence: string }): ReactElement {
  const { at, last, playing, go, toggle, onKeyDown } = play;
  return (
    <div className="player" role="group" aria-label="Play the way" onKeyDown={onKeyDown}>
      <IconButton look="icon" label="Step back" onPress={() => go(at - 1)} isDisabled={at === 0}>
        <Icon name="back" size={12} />
      </IconButton>
      <Button look="play" onPress={toggle}>
        <Icon name={playing ? 'pause' : 'play'} size={12} />
        {playing ? 'Pause' : 'Play'}
      </Button>
      <IconButton look="icon" label="Step on" onPress={() => go(at + 1)} isDisabled={at === last}>
        <Icon name="forward" size={12} />
      </IconButton>
      <Slider
        className="scrubber"
        aria-label="Moment"
        minValue={1}
        maxValue={last + 1}
        value={at + 1}
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
          step {at + 1} of {last + 1} ·{' '}
        </span>
        <strong aria-live="polite">{sentence}</strong>
      </p>
    </div>
  );
}
