import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/ipc/commands';
import type { Settings } from '../../shared/ipc/app-schemas';

/** What the menu shows and does. */
export interface MenuModel {
  readonly caseOpen: boolean;
  readonly theme: Settings['theme'];
  readonly recent: readonly {
    readonly id: string;
    readonly name: string;
    readonly exists: boolean;
  }[];
  readonly command: (id: MenuCommand) => void;
  readonly openRecent: (id: string) => void;
  readonly clearRecent: () => void;
  readonly setTheme: (theme: Settings['theme']) => void;
  readonly documentation: () => void;
}

/** By the names that the window gives them; `&&` is how a menu writes one `&`. */
const steps: readonly (readonly [MenuCommand, string])[] = [
  ['step-1', 'Installed && running'],
  ['step-2', 'Basic connectivity'],
  ['step-3', 'Kubernetes events'],
  ['step-4', 'Component logs'],
  ['step-5', 'CNI configuration'],
  ['step-6', 'HNS state'],
  ['step-7', 'Snapshot analysis'],
  ['step-8', 'Packets && flows'],
];

/** Builds the application's menu from what is open and set now. */
export function showMenu(model: MenuModel): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(model)));
}

function menuTemplate(model: MenuModel): MenuItemConstructorOptions[] {
  const mac = process.platform === 'darwin';
  const { caseOpen } = model;
  const command = (
    id: MenuCommand,
    label: string,
    more: MenuItemConstructorOptions = {},
  ): MenuItemConstructorOptions => ({ id, label, click: () => model.command(id), ...more });
  /** Shown here, handled by the page, where it also works while a dialog has the focus. */
  const pageKey = (accelerator: string): MenuItemConstructorOptions => ({
    accelerator,
    registerAccelerator: false,
  });

  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('open-folder', 'Open folder…', { accelerator: 'CmdOrCtrl+O' }),
        command('open-file', 'Open file…', { accelerator: 'CmdOrCtrl+Shift+O' }),
        { label: 'Open recent', submenu: recentItems(model) },
        command('connect', 'Connect to a node…', { accelerator: 'CmdOrCtrl+Shift+N' }),
        { type: 'separator' },
        command('add-evidence', 'Add evidence…', { enabled: caseOpen }),
        command('save-bundle', 'Save node as bundle…', { enabled: caseOpen }),
        command('export-report', 'Export report…', {
          enabled: caseOpen,
          accelerator: 'CmdOrCtrl+E',
        }),
        { type: 'separator' },
        command('close-case', 'Close', { enabled: caseOpen, accelerator: 'CmdOrCtrl+W' }),
        ...(mac ? [] : [{ role: 'quit' } as const]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('search', 'Search…', { enabled: caseOpen, ...pageKey('CmdOrCtrl+K') }),
        { type: 'separator' },
        ...steps.map(([id, label], index) =>
          command(id, label, { enabled: caseOpen, ...pageKey(`CmdOrCtrl+${index + 1}`) }),
        ),
        { type: 'separator' },
        command('trace', 'Trace a packet…', { enabled: caseOpen, ...pageKey('CmdOrCtrl+T') }),
        command('nodes', 'Nodes'),
        command('files', 'Files', { enabled: caseOpen }),
        command('hns-graph', 'HNS graph', { enabled: caseOpen }),
        command('load-balancers', 'Load balancers', { enabled: caseOpen }),
        command('vfp', 'VFP', { enabled: caseOpen }),
        { type: 'separator' },
        command('toggle-inspector', 'Inspector', { enabled: caseOpen }),
        command('toggle-drawer', 'Raw file', { enabled: caseOpen }),
        { type: 'separator' },
        {
          label: 'Theme',
          submenu: (['system', 'light', 'dark'] as const).map((theme) => ({
            label: theme === 'system' ? 'Same as system' : theme === 'light' ? 'Light' : 'Dark',
            type: 'radio' as const,
            checked: model.theme === theme,
            click: () => model.setTheme(theme),
          })),
        },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    {
      label: '&Help',
      role: 'help',
      submenu: [
        command('shortcuts', 'Keyboard shortcuts', pageKey('F1')),
        { label: 'Documentation', click: model.documentation },
        { type: 'separator' },
        command('about', 'About HNS Workbench'),
      ],
    },
  ];
}

function recentItems(model: MenuModel): MenuItemConstructorOptions[] {
  if (model.recent.length === 0) return [{ label: 'Nothing opened yet', enabled: false }];
  return [
    ...model.recent.map(({ id, name, exists }) => ({
      label: name.replaceAll('&', '&&'),
      enabled: exists,
      click: () => model.openRecent(id),
    })),
    { type: 'separator' },
    { label: 'Clear list', click: model.clearRecent },
  ];
}
