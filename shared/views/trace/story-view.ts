import type { StoryView } from '../../ipc/walk-through-schemas';
import type { Moment, Storyboard } from '../../trace/storyboard';
import { headerLines } from './header-lines';
import { shownText } from './plain-text';
import { toneOfKind } from './reachability-view';

type Shown = Omit<StoryView, 'columns' | 'moments' | 'pinned'> & {
  readonly columns: readonly StoryView['columns'][number][];
  readonly moments: readonly ShownMoment[];
};
type ShownMoment = Pick<
  Moment,
  'column' | 'evidence' | 'entities' | 'remarks' | 'isBreak' | 'reply'
> & {
  readonly place: string;
  readonly sentence: string;
  readonly header: ReturnType<typeof headerLines>;
};

const MOST_EVIDENCE = 4;

/** A storyboard as it is shown: each moment with the whole header, what it changed marked. */
export function storyView({ question, branch, columns, moments, ending }: Storyboard): Shown {
  return {
    question,
    way: branch,
    columns: columns.map(({ node, column, title }) => ({
      node,
      kind: column,
      title: title.replace(/^port of /, 'VFP port of '),
    })),
    moments: moments.map((moment) => ({
      column: moment.column,
      place: moment.place.name,
      sentence: shownText(moment.sentence),
      header: headerLines(moment.after, moment.before),
      evidence: moment.evidence.slice(0, MOST_EVIDENCE),
      entities: moment.entities.slice(0, MOST_EVIDENCE),
      remarks: moment.remarks,
      isBreak: moment.isBreak,
      reply: moment.reply,
    })),
    end: {
      title: ending.title,
      tone: toneOfKind(ending.kind),
      text: shownText(ending.text),
    },
  };
}
