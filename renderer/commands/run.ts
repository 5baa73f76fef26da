import { say } from '../stores/toasts';
import { commands } from './all';
import { runIfEnabled } from './command';
import { commandContext } from './context';

/** Runs the command of that id, or says why it cannot run now. */
export function runCommand(id: string): void {
  const command = commands.find((each) => each.id === id);
  if (command !== undefined) runIfEnabled(command, commandContext(), (why) => say(why));
}
