import { app, clipboard, nativeTheme, safeStorage, session, type BrowserWindow } from 'electron';
import path from 'node:path';
import type { MenuCommand } from '../../shared/ipc/commands';
import type { Settings } from '../../shared/ipc/app-schemas';
import { findWireshark, openInWireshark } from './wireshark';
import { CaseSession } from './case-session';
import { choosePaths, openDocumentation, saveText } from './dialogs';
import { CallFailure, sendEvent, serveCalls, type MainHandlers } from './ipc';
import { readLaunchArguments } from './launch-arguments';
import { askBeforeEnd } from './live/ask-before-end';
import { Connections } from './live/connections';
import { liveHandlers } from './live/live-handlers';
import { LiveSession } from './live/live-session';
import { Secrets } from './live/secrets';
import { showMenu } from './menu';
import { RecentList } from './recent';
import { Samples } from './samples';
import { registerAppScheme, serveApp } from './security/app-protocol';
import { denyNavigation } from './security/navigation';
import { denyNewWindows } from './security/new-windows';
import { denyNetwork } from './security/no-network';
import { denyPermissions } from './security/permissions';
import { denyWebviews } from './security/webview';
import { SettingsStore } from './settings';
import { background, builtFile, openWindow } from './window';
import { saveWindowPicture } from './window-picture';

const documentation =
  'https://learn.microsoft.com/en-us/virtualization/windowscontainers/kubernetes/common-problems';
const extensions = { html: 'html', json: 'json', sarif: 'sarif', text: 'txt' } as const;
/** A page that fails again and again is left alone. */
const mostReloads = 3;
const inDevelopment = process.defaultApp === true;
const launch = readLaunchArguments(process.argv, process.cwd(), inDevelopment);

registerAppScheme();
// As root Chromium refuses to start with it; --no-sandbox is how the user says that this is known.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setAppUserModelId('dev.hns-workbench.app');
app.on('web-contents-created', (_event, contents) => {
  denyNavigation(contents);
  denyNewWindows(contents);
  denyWebviews(contents);
});

if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

function run(): void {
  const userData = app.getPath('userData');
  const settings = new SettingsStore(path.join(userData, 'settings.json'));
  const recent = new RecentList(path.join(userData, 'recent.json'));
  const samples = new Samples(unpacked(path.join(app.getAppPath(), 'assets/samples')));
  const windowIds = new Set<number>();
  let window: BrowserWindow | undefined;

  nativeTheme.themeSource = settings.settings.theme;
  denyPermissions(session.defaultSession);
  denyNetwork(session.defaultSession);
  serveApp(session.defaultSession, builtFile('renderer'));

  const caseSession = new CaseSession({
    analysisScript: builtFile('analysis', 'analysis.js'),
    recent,
    samples,
    send: (name, payload) => sendEvent(window, name, payload),
    changed: () => {
      updateMenu();
      live.caseChanged();
    },
  });

  const secrets = new Secrets(path.join(userData, 'secrets.json'), safeStorage);
  const connections = new Connections(path.join(userData, 'connections.json'), (id) =>
    secrets.secretOf(id),
  );
  const live = new LiveSession({
    script: builtFile('live', 'live.js'),
    connections,
    secrets,
    feed: (into, sources) => caseSession.joinLive(into, sources),
    send: (name, payload) => sendEvent(window, name, payload),
  });

  const changeSettings = (changes: Parameters<SettingsStore['update']>[0]): Settings => {
    const updated = settings.update(changes);
    nativeTheme.themeSource = updated.theme;
    sendEvent(window, 'settings-changed', updated);
    updateMenu();
    return updated;
  };

  function updateMenu(): void {
    showMenu({
      caseOpen: caseSession.isOpen,
      theme: settings.settings.theme,
      recent: recent.list(),
      command: (id: MenuCommand) => sendEvent(window, 'command', { id }),
      openRecent: (id) => openQuietly(() => caseSession.openSources([{ kind: 'recent', id }])),
      clearRecent: () => {
        recent.clear();
        updateMenu();
      },
      setTheme: (theme) => changeSettings({ theme }),
      documentation: () => void openDocumentation(requireWindow(), documentation),
    });
  }

  function requireWindow(): BrowserWindow {
    if (window === undefined) throw new CallFailure('refused', 'There is no window.');
    return window;
  }

  /** Opens what main itself was asked to open; the page learns of failures by the progress event. */
  function openQuietly(open: () => Promise<void>): void {
    open().catch((error: unknown) => {
      if (!(error instanceof CallFailure)) console.error(error);
    });
  }

  const handlers: MainHandlers = {
    'app:state': () => {
      // After the answer, so that the page listens by then.
      setImmediate(() => caseSession.repeat());
      return {
        version: app.getVersion(),
        electron: process.versions.electron,
        platform: process.platform,
        settings: settings.settings,
        recent: recent.list(),
        samples: [...samples.items],
        opening: caseSession.isOpening,
        caseOpen: caseSession.isOpen,
      };
    },
    'app:set-settings': (changes) => changeSettings(changes),
    'app:choose': async ({ what }) => ({
      items: caseSession.register(await choosePaths(requireWindow(), what)),
    }),
    'app:clear-recent': () => {
      recent.clear();
      updateMenu();
      return null;
    },
    'app:copy': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    'app:open-external': async ({ url }) => ({
      opened: await openDocumentation(requireWindow(), url),
    }),
    'app:ready': ({ screen }) => {
      const wanted = launch.paths.length > 0 || launch.sample !== undefined ? 'case' : 'welcome';
      if (launch.capture !== undefined && screen === wanted) {
        void saveWindowPicture(requireWindow(), launch.capture);
      }
      return null;
    },
    'case:open': async ({ sources }) => {
      await caseSession.openSources(sources);
      return null;
    },
    'case:open-text': async ({ text }) => {
      await caseSession.openText(text);
      return null;
    },
    'case:cancel': () => {
      caseSession.cancel();
      return null;
    },
    'case:close': () => {
      caseSession.close();
      return null;
    },
    'case:answer': ({ id, goOn }) => {
      caseSession.answer(id, goOn);
      return null;
    },
    'captures:wireshark': async () => ({ installed: (await findWireshark()) !== undefined }),
    'captures:open-in-wireshark': async ({ snapshotId, file }) => {
      const wireshark = await findWireshark();
      if (wireshark === undefined)
        throw new CallFailure('refused', 'Wireshark is not installed on this computer.');
      const capture = await caseSession.capturePath(snapshotId, file);
      if (capture === undefined)
        throw new CallFailure('refused', 'It lies in an archive. Take it out of there first.');
      await openInWireshark(wireshark, capture);
      return null;
    },
    'report:export': async ({ format }) => {
      const { title } = await caseSession.summary();
      const saved = await saveText(requireWindow(), title, extensions[format], (onChunk) =>
        caseSession.stream({ kind: 'render', format }, onChunk),
      );
      return { saved };
    },
    'trace:save-picture': async (request) => {
      const saved = await saveText(requireWindow(), 'trace', 'svg', (onChunk) =>
        caseSession.stream({ kind: 'picture', ...request }, onChunk),
      );
      return { saved };
    },
    'table:export-csv': async ({ snapshotId, table, scope, filter }) => {
      const saved = await saveText(requireWindow(), table, 'csv', (onChunk) =>
        caseSession.stream(
          { kind: 'csv', snapshotId, table, filter, ...(scope === undefined ? {} : { scope }) },
          onChunk,
        ),
      );
      return { saved };
    },
    ...liveHandlers({ session: live, connections, secrets, window: requireWindow }),
  };

  serveCalls({
    handlers,
    windowIds,
    forward: (channel, args) => caseSession.forward(channel, args),
    register: (paths) => caseSession.register(paths),
  });

  function show(): void {
    const opened = openWindow(settings, {
      preload: builtFile('preload', 'preload.cjs'),
      icon: path.join(app.getAppPath(), 'assets/icons/256x256.png'),
    });
    const { id } = opened.webContents;
    window = opened;
    windowIds.add(id);
    askBeforeEnd(opened, live.captures);
    opened.once('closed', () => {
      windowIds.delete(id);
      window = undefined;
      live.cancel(null);
      caseSession.close();
    });
    let reloads = 0;
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || reason === 'killed' || reloads === mostReloads) return;
      reloads += 1;
      console.error(`The page ended (${reason}) and is loaded again.`);
      opened.webContents.reload();
    });
  }

  nativeTheme.on('updated', () => {
    window?.setBackgroundColor(background());
    sendEvent(window, 'theme-changed', { dark: nativeTheme.shouldUseDarkColors });
  });
  app.on('second-instance', (_event, argv, folder) => {
    if (window === undefined) show();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
    const { paths } = readLaunchArguments(argv, folder, inDevelopment);
    if (paths.length > 0) openQuietly(() => caseSession.openPaths(paths));
  });
  app.on('activate', () => {
    if (window === undefined) show();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => {
    live.stop();
    caseSession.close();
  });

  updateMenu();
  const { paths, sample } = launch;
  if (paths.length > 0) openQuietly(() => caseSession.openPaths(paths));
  else if (sample !== undefined) {
    openQuietly(() => caseSession.openSources([{ kind: 'sample', id: sample }]));
  }
  show();
}

/** Samples lie outside of the packed application, where every way of reading files works. */
function unpacked(folder: string): string {
  return folder.replace(/app\.asar(?=$|[\\/])/, 'app.asar.unpacked');
}
