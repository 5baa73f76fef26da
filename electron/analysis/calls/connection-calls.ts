import { connectionLegs } from '../../../shared/views/connection-legs';
import { contextOf, type Handlers } from './handler';

export const connectionCalls: Handlers<'live-action:legs'> = {
  'live-action:legs': ({ snapshotId }, about) => ({
    legs: [...connectionLegs(contextOf(about, snapshotId).snapshot)],
  }),
};
