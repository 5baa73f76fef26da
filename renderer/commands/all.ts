import { caseCommands } from './case-commands';
import type { Command } from './command';
import { goCommands } from './go-commands';
import { liveCommands } from './live-commands';
import { viewCommands } from './view-commands';

/** Every action there is, once. */
export const commands: readonly Command[] = [
  ...goCommands,
  ...caseCommands,
  ...liveCommands,
  ...viewCommands,
];
