import { storyboard, type Storyboard } from '../../../shared/trace/storyboard';
import { tracePacket } from '../../../shared/trace/trace';
import { walkThroughs } from '../../../shared/trace/walk-throughs';
import { toneOfKind } from '../../../shared/views/trace/reachability-view';
import type { TraceTone } from '../../../shared/ipc/trace-schemas';
import type { Case } from '../../../shared/snapshot/node-snapshot';
import { shownText } from '../../../shared/views/trace/plain-text';
import { storyView } from '../../../shared/views/trace/story-view';
import type { FlowQuestionView } from '../../../shared/ipc/flow-question';
import { caseOnScreen } from './case-on-screen';
import { fitting, type CallAbout, type Handlers } from './handler';

type WalkThroughChannel = 'walk-throughs:list' | 'walk-throughs:story' | 'trace:pin';

/** The story of one way; undefined where no packet begins. */
export function storyOf(
  about: Pick<CallAbout, 'case'>,
  snapshotId: string,
  question: FlowQuestionView,
  way: number,
): Storyboard | undefined {
  const result = tracePacket(question, caseOnScreen(about, snapshotId));
  return result.kind === 'trace' ? storyboard(result.trace, way) : undefined;
}

function toneOf(question: FlowQuestionView, way: number, theCase: Case): TraceTone {
  const result = tracePacket(question, theCase);
  const branch = result.kind === 'trace' ? result.trace.branches[way] : undefined;
  return branch === undefined ? 'not-checked' : toneOfKind(branch.disposition.kind);
}

export const walkThroughCalls: Handlers<WalkThroughChannel> = {
  'walk-throughs:list': ({ snapshotId }, about) => {
    const theCase = caseOnScreen(about, snapshotId);
    const all = about.case.keep('walk-throughs', snapshotId, () =>
      walkThroughs(theCase).filter((each) => each.snapshotId === snapshotId),
    );
    return {
      items: fitting(
        all.map(({ kind, title, working, broken, none }) => ({
          kind,
          title,
          none,
          flows: [working, broken].flatMap((flow) =>
            flow === undefined
              ? []
              : [
                  {
                    question: flow.question,
                    way: flow.branch,
                    tone: toneOf(flow.question, flow.branch, theCase),
                    reason: shownText(flow.reason),
                    from: flow.fromName,
                    to: flow.toName,
                  },
                ],
          ),
        })),
      ),
    };
  },
  'walk-throughs:story': ({ snapshotId, question, way }, about) => {
    const told = storyOf(about, snapshotId, question, way);
    return told === undefined
      ? null
      : { ...storyView(told), pinned: about.case.isPinned(snapshotId, question) };
  },
  'trace:pin': ({ snapshotId, question, pinned }, about) => {
    about.case.pin(snapshotId, question, pinned);
    return { pinned };
  },
};
