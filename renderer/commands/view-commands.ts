import type { Settings } from '../../shared/ipc/app-schemas';
import { focusNextRegion } from '../frame/regions';
import { closeTopmost } from '../frame/close-topmost';
import { showDialog } from '../stores/dialogs';
import { closeRaw, openRaw, showRawTool, useDrawer } from '../stores/drawer';
import { useLayout } from '../stores/layout';
import { select } from '../stores/navigation';
import { always, needsCase, needsRawFile, type Command } from './command';

const theme = (value: Settings['theme'], title: string): Command => ({
  id: `theme-${value}`,
  title,
  group: 'View',
  enabled: always,
  run: () => useLayout.getState().change({ theme: value }),
});

let lastRaw = useDrawer.getState().target;
useDrawer.subscribe(({ target }) => {
  if (target !== null) lastRaw = target;
});

export const viewCommands: readonly Command[] = [
  {
    id: 'next-region',
    title: 'Next region of the window',
    group: 'View',
    shortcut: 'F6',
    enabled: always,
    keyOnly: true,
    run: () => focusNextRegion(1),
  },
  {
    id: 'previous-region',
    title: 'Previous region of the window',
    group: 'View',
    shortcut: 'Shift+F6',
    enabled: always,
    keyOnly: true,
    run: () => focusNextRegion(-1),
  },
  {
    id: 'close-topmost',
    title: 'Close the topmost thing',
    group: 'View',
    shortcut: 'Esc',
    enabled: always,
    keyOnly: true,
    run: closeTopmost,
  },
  {
    id: 'toggle-inspector',
    title: 'Show or hide the inspector',
    group: 'View',
    shortcut: 'Ctrl+I',
    enabled: needsCase,
    run: () => useLayout.getState().toggleInspector(),
  },
  {
    id: 'clear-selection',
    title: 'Select nothing',
    group: 'View',
    enabled: ({ selected }) => selected || 'Nothing is selected.',
    run: () => select(null),
  },
  {
    id: 'toggle-learn',
    title: 'Show or hide what a step teaches',
    group: 'View',
    shortcut: 'Ctrl+L',
    enabled: needsCase,
    run: () => {
      const { settings, change } = useLayout.getState();
      change({ learnOpen: !settings.learnOpen });
    },
  },
  theme('system', 'Theme: same as the system'),
  theme('light', 'Theme: light'),
  theme('dark', 'Theme: dark'),
  {
    id: 'toggle-drawer',
    title: 'Show or hide the raw file',
    group: 'Raw file',
    shortcut: 'Ctrl+J',
    enabled: (context) =>
      context.rawOpen || lastRaw !== null || 'Follow a line reference to open a raw file.',
    run: () => {
      if (useDrawer.getState().target !== null) closeRaw();
      else if (lastRaw !== null) openRaw(lastRaw);
    },
  },
  {
    id: 'find-in-raw',
    title: 'Find in the raw file',
    group: 'Raw file',
    shortcut: 'Ctrl+F',
    enabled: needsRawFile,
    run: () => showRawTool('find'),
  },
  {
    id: 'go-to-line',
    title: 'Go to a line of the raw file',
    group: 'Raw file',
    shortcut: 'Ctrl+G',
    enabled: needsRawFile,
    run: () => showRawTool('go-to-line'),
  },
  {
    id: 'wrap-raw',
    title: 'Wrap long lines of the raw file',
    group: 'Raw file',
    shortcut: 'Alt+Z',
    enabled: needsRawFile,
    run: () => {
      const { settings, change } = useLayout.getState();
      change({ rawWrap: !settings.rawWrap });
    },
  },
  {
    id: 'shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Help',
    shortcut: 'F1',
    enabled: always,
    run: () => showDialog({ kind: 'shortcuts' }),
  },
  {
    id: 'about',
    title: 'About HNS Workbench',
    group: 'Help',
    enabled: always,
    run: () => showDialog({ kind: 'about' }),
  },
];
