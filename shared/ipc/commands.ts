/**
 * Ids of the `command` event: what the menu asks the renderer to do. Shortcuts of the page itself
 * run the same commands. `step-1` to `step-8` go to that step.
 */
export const menuCommands = [
  'open-folder',
  'open-file',
  'connect',
  'nodes',
  'save-bundle',
  'add-evidence',
  'export-report',
  'close-case',
  'search',
  'step-1',
  'step-2',
  'step-3',
  'step-4',
  'step-5',
  'step-6',
  'step-7',
  'step-8',
  'trace',
  'files',
  'hns-graph',
  'load-balancers',
  'vfp',
  'toggle-inspector',
  'toggle-drawer',
  'shortcuts',
  'about',
] as const;
export type MenuCommand = (typeof menuCommands)[number];
