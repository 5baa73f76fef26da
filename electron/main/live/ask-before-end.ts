import { dialog, type BrowserWindow } from 'electron';
import type { NodeCaptures } from './node-captures';

const BUTTONS = ['Clean up and quit', 'Quit and leave it to the node', 'Go on'] as const;

/**
 * Holds the window open while a packet capture is on a node, until the user has said what becomes of
 * it: the one thing that would stay behind on somebody else's machine.
 */
export function askBeforeEnd(window: BrowserWindow, captures: NodeCaptures): void {
  let decided = false;
  let asking = false;
  const ask = async (): Promise<void> => {
    const nodes = captures.active.map(({ state }) => state.node);
    const until = Math.max(...captures.active.map(({ state }) => state.byItself));
    const time = new Date(until).toTimeString().slice(0, 5);
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'HNS Workbench',
      message: `A packet capture is still on ${nodes.join(', ')}.`,
      detail: `Clean up stops it, fetches nothing and removes everything of it. Left to itself, the node does that by ${time}.`,
      buttons: [...BUTTONS],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    if (response === 2) return;
    if (response === 0) await captures.discardAll();
    decided = true;
    if (!window.isDestroyed()) window.close();
  };
  window.on('close', (event) => {
    if (decided || captures.active.length === 0) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void ask().finally(() => {
      asking = false;
    });
  });
}
