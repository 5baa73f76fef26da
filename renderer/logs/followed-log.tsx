import { useState, type ReactElement } from 'react';
import { FOLLOW_SECONDS } from '../../shared/ipc/live-follow';
import { call } from '../bridge/call';
import { Button } from '../controls/button';
import { FilterField } from '../controls/filter-field';
import { SegmentedMany } from '../controls/segmented';
import { StatusMark } from '../controls/status-mark';
import { counted, cutMiddle } from '../controls/text';
import { trying } from '../live/live-actions';
import type { Following } from '../live/live-store';
import { showDialog } from '../stores/dialogs';
import { FollowedLines } from './followed-lines';
import { logLevels, type LogLevel } from './log-levels';

/** A log of a live node as it is written: its lines so far, and what to do with them. */
export function FollowedLog({ following }: { following: Following }): ReactElement {
  const { state, lines } = following;
  const [levels, setLevels] = useState<readonly LogLevel[]>([]);
  const [text, setText] = useState('');
  /** What is shown while paused. */
  const [paused, setPaused] = useState<Following['lines'] | null>(null);
  const over = state.endedAt !== null;
  const held = over ? null : paused;
  const words = text.toLowerCase();
  const shown = (held ?? lines).filter(
    (line) =>
      (levels.length === 0 || levels.includes(line.level)) &&
      (words === '' || line.text.toLowerCase().includes(words)),
  );
  const missed = (lines.at(-1)?.n ?? 0) - (held?.at(-1)?.n ?? 0);
  return (
    <section className="followed-log grow" aria-label="Followed log">
      <div className="table-toolbar">
        <h2 className="cut-path" title={state.path}>
          {cutMiddle(state.path, 96)}
        </h2>
        <FollowStatus following={following} paused={held !== null} missed={missed} />
        {over ? (
          <span className="followed-actions">
            <Button
              look="small"
              onPress={() => showDialog({ kind: 'follow', key: state.key, file: state.file })}
            >
              Follow again…
            </Button>
            <Button
              look="small"
              onPress={() => void trying(() => call('live-follow:drop', { key: state.key }))}
            >
              {state.lines === 0 ? 'Close' : 'Drop'}
            </Button>
            {state.lines === 0 ? null : (
              <Button
                look="small primary"
                onPress={() => void trying(() => call('live-follow:keep', { key: state.key }))}
              >
                Keep in the snapshot
              </Button>
            )}
          </span>
        ) : (
          <span className="followed-actions">
            <Button look="small" onPress={() => setPaused(held === null ? lines : null)}>
              {held === null ? 'Pause' : 'Resume'}
            </Button>
            <Button
              look="small"
              onPress={() => void trying(() => call('live-follow:stop', { key: state.key }))}
            >
              Stop
            </Button>
          </span>
        )}
      </div>
      <div className="table-toolbar">
        <SegmentedMany
          label="Levels"
          options={logLevels}
          value={levels.filter((level) => level !== 'fatal' && level !== 'unknown')}
          onChange={(chosen) => setLevels(chosen.includes('error') ? [...chosen, 'fatal'] : chosen)}
        />
        <span className="push" />
        <FilterField label="Filter followed lines" width={190} value={text} onChange={setText} />
      </div>
      <FollowedLines lines={shown} of={state.lines} follows={!over && held === null} />
    </section>
  );
}

function FollowStatus({
  following: { state },
  paused,
  missed,
}: {
  following: Following;
  paused: boolean;
  missed: number;
}): ReactElement {
  if (state.endedAt !== null)
    return (
      <span className="with-mark selectable" role="status">
        <StatusMark status={state.fine ? 'not-checked' : 'warning'} size={11} />
        <span>{state.why}</span>
      </span>
    );
  if (state.state === 'starting')
    return (
      <span className="dim" role="status">
        {state.at === '' ? 'Connecting…' : `Connecting: ${state.at}`}
      </span>
    );
  return (
    <span className="with-mark" role="status">
      <StatusMark status={paused ? 'not-checked' : 'ok'} size={11} />
      {paused ? (
        <span className="tabular">Paused, {counted(missed, 'new line')}</span>
      ) : (
        <span>Following, for {FOLLOW_SECONDS / 60} minutes at most</span>
      )}
    </span>
  );
}
