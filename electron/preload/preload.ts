import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { WorkbenchBridge } from '../../shared/ipc/contract';

/*
 * All that the page can reach outside of itself: calls and events of the contract, and handing over
 * files the user dropped. Main checks every call, so nothing is checked here. This is the only file
 * that speaks to ipcRenderer.
 */

const listeners = new Map<string, Set<(payload: unknown) => void>>();

ipcRenderer.on('workbench:event', (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

const bridge: { readonly [K in keyof WorkbenchBridge]: (...args: never[]) => unknown } = {
  call: (channel: string, args: unknown) => ipcRenderer.invoke('workbench:call', channel, args),
  on: (name: string, listener: (payload: unknown) => void) => {
    const ofName = listeners.get(name) ?? new Set();
    listeners.set(name, ofName.add(listener));
    return () => {
      ofName.delete(listener);
    };
  },
  register: (files: readonly File[]) =>
    ipcRenderer.invoke(
      'workbench:register',
      files.map((file) => pathOf(file)),
    ),
};
contextBridge.exposeInMainWorld('workbench', bridge);

/** Text pasted as a file has no path; nor has anything a script made up. */
function pathOf(file: File): string {
  try {
    return webUtils.getPathForFile(file);
  } catch {
    return '';
  }
}
