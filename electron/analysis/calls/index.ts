import { calls, type AnalysisChannel } from '../../../shared/ipc/contract';
import { CallError } from '../call-error';
import { captureCalls } from './capture-calls';
import { caseCalls } from './case-calls';
import { evidenceCalls } from './evidence-calls';
import { fileCalls } from './file-calls';
import { connectionCalls } from './connection-calls';
import { findingCalls } from './finding-calls';
import type { CallAbout, Handlers } from './handler';
import { reachabilityCalls } from './reachability-calls';
import { traceCalls } from './trace-calls';
import { walkThroughCalls } from './walk-through-calls';
import { viewCalls } from './view-calls';

const HANDLERS: Handlers<AnalysisChannel> = {
  ...captureCalls,
  ...caseCalls,
  ...connectionCalls,
  ...evidenceCalls,
  ...fileCalls,
  ...findingCalls,
  ...reachabilityCalls,
  ...traceCalls,
  ...viewCalls,
  ...walkThroughCalls,
};

/** Is this a channel that the analysis process answers? */
export function isAnalysisChannel(channel: string): channel is AnalysisChannel {
  return Object.hasOwn(HANDLERS, channel);
}

/**
 * Answers a call of the contract. Arguments are validated here again: this process trusts nobody.
 * @throws CallError with a code and a sentence for the user.
 */
export async function analysisCalls(
  channel: AnalysisChannel,
  args: unknown,
  about: CallAbout,
): Promise<unknown> {
  const parsed = calls[channel].args.safeParse(args);
  if (!parsed.success)
    throw new CallError('invalid-arguments', `${channel}: ${parsed.error.message}`);
  const handler = HANDLERS[channel] as (args: unknown, about: CallAbout) => unknown;
  return handler(parsed.data, about);
}
