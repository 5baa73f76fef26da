import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Button } from 'react-aria-components';
import type {
  StoryMoment,
  StoryView as Story,
  WalkThroughFlowView,
} from '../../shared/ipc/walk-through-schemas';
import { useCall } from '../bridge/use-call';
import { Button as PushButton } from '../controls/button';
import { EmptyState, Unreadable } from '../controls/empty-state';
import { EntityLinks, EvidenceChips } from '../controls/links';
import { StatusMark } from '../controls/status-mark';
import { cutMiddle } from '../controls/text';
import { openRaw, useDrawer } from '../stores/drawer';
import { openTrace } from '../stores/trace';
import { HeaderLines } from '../trace/header-lines';
import { KeepButtons } from '../trace/keep-buttons';
import { Player, usePlay } from '../trace/player';
import { Stage } from './stage';

const longestName = 48;

/** One flow, told moment by moment. */
export function StoryView({
  snapshotId,
  flow,
}: {
  snapshotId: string;
  flow: WalkThroughFlowView;
}): ReactElement {
  const { question, way } = flow;
  const { value, error } = useCall('walk-throughs:story', { snapshotId, question, way });
  if (error !== undefined) return <Unreadable message={error} />;
  if (value === undefined) return <div aria-busy="true" />;
  if (value === null) return <EmptyState title="This packet never begins" text={flow.reason} />;
  return <Told story={value} flow={flow} snapshotId={snapshotId} />;
}

function Told({
  story,
  flow,
  snapshotId,
}: {
  story: Story;
  flow: WalkThroughFlowView;
  snapshotId: string;
}): ReactElement {
  const [at, setAt] = useState(0);
  const { moments, end } = story;
  const show = (next: number): void => {
    setAt(next);
    const evidence = moments[next]?.evidence[0];
    // The drawer follows what is watched, once it is open.
    if (evidence !== undefined && useDrawer.getState().target !== null) openRaw(evidence);
  };
  const play = usePlay(moments.length, at, show);
  const moment = moments[at];
  return (
    <div
      className="walk-stage"
      role="group"
      aria-label={`Walk-through, ${flow.from} to ${flow.to}`}
      tabIndex={0}
      onKeyDown={play.onKeyDown}
    >
      <div className="walk-head">
        <StatusMark status={end.tone} size={13} />
        <div>
          <h2 title={`${flow.from} → ${flow.to}`}>
            {cutMiddle(flow.from, longestName)} → {cutMiddle(flow.to, longestName)}
          </h2>
          <p>
            <span className={`tone-${end.tone}`}>{end.title}</span>
            <span className="dim"> · {end.text}</span>
          </p>
        </div>
        <span className="push" />
        <PushButton onPress={() => openTrace(story.question, { way: story.way })}>
          Open trace
        </PushButton>
        <KeepButtons
          snapshotId={snapshotId}
          question={story.question}
          way={story.way}
          pinned={story.pinned}
        />
      </div>
      <div className="walk-top">
        <Stage story={story} at={at} />
        <Player play={play} sentence={moment?.sentence ?? ''} />
      </div>
      <ol className="moments" aria-label="Moments">
        {moments.map((each, index) => (
          <MomentRow
            key={index}
            number={index + 1}
            moment={each}
            place={story.columns[each.column]?.title ?? ''}
            current={index === at}
            tone={end.tone}
            onShow={() => play.go(index)}
          />
        ))}
      </ol>
    </div>
  );
}

function MomentRow({
  number,
  moment,
  place,
  current,
  tone,
  onShow,
}: {
  number: number;
  moment: StoryMoment;
  place: string;
  current: boolean;
  /** How the whole ends: a break may be a loss, or the end of what is known. */
  tone: Story['end']['tone'];
  onShow: () => void;
}): ReactElement {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current && number > 1) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current, number]);
  const changed = moment.header.some((line) => line.changed);
  return (
    <li
      ref={row}
      className={`moment-row ${moment.isBreak ? `break ${tone}` : ''} ${current ? 'current' : ''}`}
      {...(current ? { 'aria-current': 'step' } : {})}
    >
      <Button className="moment-number" aria-label={`Moment ${number}, ${place}`} onPress={onShow}>
        {moment.isBreak ? <StatusMark status={tone} size={10} /> : number}
      </Button>
      <div className="text">
        <p>
          <strong>{place}</strong>
          {moment.reply ? <span className="pill bare">answer</span> : null} {moment.sentence}
        </p>
        {current || changed ? (
          <HeaderLines
            lines={current ? moment.header : moment.header.filter((line) => line.changed)}
          />
        ) : null}
        {moment.remarks.map((remark) => (
          <p key={remark} className="stop-remark">
            <StatusMark status="warning" size={10} label="Mind" />
            <span>{remark}</span>
          </p>
        ))}
        {current ? (
          <p className="moment-links">
            <EvidenceChips of={moment.evidence} most={4} />
            <EntityLinks to={moment.entities} />
          </p>
        ) : null}
      </div>
    </li>
  );
}
