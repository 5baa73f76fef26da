import { tracedSwitch } from '../../../shared/trace/traced-switch';
import { connectionLegs } from '../../../shared/views/connection-legs';
import { caseOnScreen } from './case-on-screen';
import { contextOf, type Handlers } from './handler';
import { traced } from './trace-calls';

export const connectionCalls: Handlers<'live-action:legs' | 'live-action:switch'> = {
  'live-action:legs': ({ snapshotId }, about) => ({
    legs: [...connectionLegs(contextOf(about, snapshotId).snapshot)],
  }),
  'live-action:switch': ({ snapshotId, question, way }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    const { result } = traced(about, snapshotId, question);
    if (result.kind === 'problem') return { asks: [], notAsked: [] };
    return tracedSwitch(result.trace, caseOnScreen(about, snapshotId), way, snapshot);
  },
};
