import path from 'node:path';
import { expect } from 'vitest';
import { calls, type AnalysisChannel, type Args, type Result } from '../../../shared/ipc/contract';
import { analysisCalls } from '../calls';
import type { CallAbout } from '../calls/handler';
import { EvidenceBasket } from '../evidence-basket';
import { loadCase, type LoadedCase } from '../load-case';
import { analyseInputs, OpenCase } from '../open-case';

/** The folder of the built-in samples. */
export const samples = path.join(import.meta.dirname, '..', '..', '..', 'assets', 'samples');

/** Pages cross a process border: larger ones would block the sender. */
const LARGEST_PAGE = 64 * 1024;

export interface OpenedCase {
  readonly about: CallAbout;
  /** To be closed by whoever opened it. */
  readonly loaded: LoadedCase;
}

/** Opens folders or archives as the analysis process does. `changed` is told of every change. */
export async function openedCase(
  paths: readonly string[],
  changed: () => void = () => undefined,
): Promise<OpenedCase> {
  const { signal } = new AbortController();
  const loaded = await loadCase(paths, { signal });
  const state = await analyseInputs(loaded.inputs, signal);
  const about: CallAbout = {
    case: new OpenCase('case', 'sample', undefined, state, [...loaded.rejected], loaded),
    paths: [],
    basket: new EvidenceBasket(),
    signal: () => signal,
    progress: () => undefined,
    changed,
  };
  return { about, loaded };
}

/** Makes a call as main does: what comes back is cloned, valid by the contract, and no larger than a page. */
export async function ask<C extends AnalysisChannel>(
  about: CallAbout,
  channel: C,
  args: Args<C>,
): Promise<Result<C>> {
  const answer = structuredClone(await analysisCalls(channel, args, about));
  expect(JSON.stringify(answer).length).toBeLessThan(LARGEST_PAGE);
  return calls[channel].result.parse(answer) as Result<C>;
}
