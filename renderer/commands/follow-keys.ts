import { on } from '../bridge/call';
import { isMac } from '../stores/app-info';
import { commands } from './all';
import { runIfEnabled } from './command';
import { commandContext } from './context';
import { runCommand } from './run';
import { matches } from './shortcut';

/** Runs commands by their keys and by the menu; gives the function that stops it. */
export function followCommands(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commands.find(
      ({ shortcut }) => shortcut !== undefined && matches(shortcut, event, isMac()),
    );
    if (command === undefined || (dialogOpen() && !duringDialogs.has(command.id))) return;
    if (runIfEnabled(command, commandContext())) event.preventDefault();
  };
  const stop = on('command', ({ id }) => runCommand(id));
  window.addEventListener('keydown', onKey);
  window.addEventListener('keydown', passEscapeOn, true);
  return () => {
    stop();
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('keydown', passEscapeOn, true);
  };
}

/** An open tooltip takes Esc for itself; whoever presses it means what lies below. */
function passEscapeOn(event: KeyboardEvent): void {
  const { target } = event;
  if (event.key !== 'Escape' || !event.isTrusted || target === null) return;
  if (document.querySelector('.tooltip') === null) return;
  setTimeout(() =>
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
    ),
  );
}

/** A modal dialog keeps the keys to itself, but for these. */
const duringDialogs = new Set(['search']);
const dialogOpen = (): boolean =>
  document.querySelector('[role=dialog], [role=alertdialog]') !== null;
