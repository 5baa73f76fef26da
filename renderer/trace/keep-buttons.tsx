import { useState, type ReactElement } from 'react';
import type { FlowQuestionView } from '../../shared/ipc/flow-question';
import { call, sentenceOf } from '../bridge/call';
import { IconButton } from '../controls/button';
import { Icon } from '../controls/icons';
import { say } from '../stores/toasts';

/** Keeps a trace: in the report, as a storyboard, or as a picture in a file. */
export function KeepButtons({
  snapshotId,
  question,
  way,
  pinned: known,
}: {
  snapshotId: string;
  question: FlowQuestionView;
  way: number;
  pinned: boolean;
}): ReactElement {
  const [pinned, setPinned] = useState(known);
  const pin = async (): Promise<void> => {
    try {
      const answer = await call('trace:pin', { snapshotId, question, pinned: !pinned });
      setPinned(answer.pinned);
      say(
        answer.pinned ? 'The report will show this trace.' : 'The report leaves this trace out.',
        {
          tone: 'ok',
        },
      );
    } catch (error) {
      say(sentenceOf(error), { tone: 'error' });
    }
  };
  const save = async (): Promise<void> => {
    try {
      const { saved } = await call('trace:save-picture', { snapshotId, question, way });
      if (saved !== null) say(`Saved: ${saved}`, { tone: 'ok' });
    } catch (error) {
      say(sentenceOf(error), { tone: 'error' });
    }
  };
  return (
    <span className="keep">
      <IconButton
        look={pinned ? 'toggled' : ''}
        pressed={pinned}
        label="Show this trace in the report"
        onPress={() => void pin()}
      >
        <Icon name="pin" size={12} />
        <span className="words">In report</span>
      </IconButton>
      <IconButton look="" label="Save this trace as a picture" onPress={() => void save()}>
        <Icon name="save" size={12} />
        <span className="words">Picture</span>
      </IconButton>
    </span>
  );
}
