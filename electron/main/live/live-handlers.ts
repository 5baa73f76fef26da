import { dialog, type BrowserWindow } from 'electron';
import { homedir } from 'node:os';
import path from 'node:path';
import { calls } from '../../../shared/ipc/contract';
import type { FileToken } from '../../../shared/ipc/live-schemas';
import { chooseFileToSave, saveText } from '../dialogs';
import type { MainHandlers } from '../ipc';
import type { Connections } from './connections';
import type { LiveSession } from './live-session';
import type { Secrets } from './secrets';

type LiveChannel = Extract<
  keyof MainHandlers,
  `live:${string}` | `live-action:${string}` | `live-capture:${string}` | `live-follow:${string}`
>;

/** Page of a list of sections: far below the size of a message that would block. */
const mostSections = 200;

/** How main answers the calls about live nodes. */
export function liveHandlers({
  session,
  connections,
  secrets,
  window,
}: {
  readonly session: LiveSession;
  readonly connections: Connections;
  readonly secrets: Secrets;
  readonly window: () => BrowserWindow;
}): Pick<MainHandlers, LiveChannel> {
  /** Answers nothing, and says that something has changed. */
  const changing =
    <A>(change: (args: A) => void) =>
    (args: A): null => {
      change(args);
      session.tell();
      return null;
    };
  const whatRuns = async (
    what: Parameters<LiveSession['whatRuns']>[0],
  ): Promise<ReturnType<(typeof calls)['live:what-runs']['result']['parse']>> =>
    calls['live:what-runs'].result.parse(await session.whatRuns(what));

  /** Asks for a file that lies in a hidden folder of the user's home. */
  const chooseFile = async (title: string, folder: string): Promise<FileToken | null> => {
    const chosen = await dialog.showOpenDialog(window(), {
      title,
      defaultPath: path.join(homedir(), folder),
      properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
    });
    const [file] = chosen.canceled ? [] : chosen.filePaths;
    return file === undefined ? null : connections.token(file);
  };

  /** What is deleted leaves nothing behind; until the next one it can be brought back. */
  let bringSecretBack = (): void => undefined;

  return {
    'live:state': () => session.state(),
    'live:save-connection': changing(({ draft }) => connections.save(draft)),
    'live:delete-connection': changing(({ id }) => {
      connections.delete(id);
      bringSecretBack = secrets.take(id);
    }),
    'live:undo-delete': changing(() => {
      connections.undoDelete();
      bringSecretBack();
    }),
    'live:hold-secret': changing(({ id, secret, keep }) => secrets.hold(id, secret, keep)),
    'live:forget-secret': changing(({ id }) => secrets.forget(id)),
    'live:choose-key': async () => ({ key: await chooseFile('Private key', '.ssh') }),
    'live:choose-kubeconfig': async () => ({ file: await chooseFile('Kubeconfig', '.kube') }),
    'live:contexts': async ({ kubeconfig }) =>
      calls['live:contexts'].result.parse(await session.contexts(connections.path(kubeconfig))),
    'live:cluster-nodes': async ({ cluster }) => ({
      nodes: await session.clusterNodes(connections.cluster(cluster)),
    }),
    'live:test': async ({ draft }) => ({ stages: await session.test(draft) }),
    'live:cancel-test': changing(() => session.cancelTest()),
    'live:collect': changing(({ ids }) => session.collect(ids)),
    'live:cancel': changing(({ id }) => session.cancel(id)),
    'live:retry': changing(({ id }) => session.retry(id)),
    'live:add-to-case': changing(({ id }) => session.addToCase(id)),
    'live:dismiss': changing(({ id }) => session.dismiss(id)),
    'live:sections': ({ id, offset, limit }) => {
      const all = session.sections(id);
      const items = all.slice(offset, offset + Math.min(limit, mostSections));
      return { items: [...items], offset, total: all.length };
    },
    'live:answer': changing(({ id, answer, keep }) => session.answer(id, answer, keep)),
    'live:save-bundle': async ({ id }) => {
      const file = await chooseFileToSave(window(), session.nameOf(id), 'zip');
      if (file === null) return { saved: null };
      await session.save(id, file);
      return { saved: path.basename(file) };
    },
    'live:what-runs': ({ what }) => whatRuns(what),
    'live-action:describe': async ({ key, action }) =>
      calls['live-action:describe'].result.parse(await session.actions.describe(key, action)),
    'live-action:run': async ({ key, action }) => {
      await session.actions.run(key, action);
      return null;
    },
    'live-action:cancel': ({ key }) => {
      session.actions.cancel(key);
      return null;
    },
    'live-capture:describe': ({ key, wish }) => session.captures.describe(key, wish),
    'live-capture:start': ({ key, wish }) => {
      session.captures.start(key, wish);
      return null;
    },
    'live-capture:fetch': ({ key }) => {
      session.captures.fetch(key);
      return null;
    },
    'live-capture:discard': ({ key }) => {
      session.captures.discard(key);
      return null;
    },
    'live-capture:states': () => ({ states: session.captures.states() }),
    'live-follow:describe': async ({ key, file }) =>
      calls['live-follow:describe'].result.parse(await session.followings.describe(key, file)),
    'live-follow:start': changing(({ key, file }) => session.followings.start(key, file)),
    'live-follow:stop': changing(({ key }) => session.followings.stop(key)),
    'live-follow:keep': async ({ key }) => {
      await session.followings.keep(key);
      return null;
    },
    'live-follow:drop': changing(({ key }) => session.followings.drop(key)),
    'live:save-script': async () => {
      const nothing = { include: [], logLines: null, eventHours: null, sectionSeconds: null };
      const { script } = await whatRuns(nothing);
      const saved = await saveText(window(), 'collect', 'ps1', (onChunk) => {
        onChunk(script);
        return Promise.resolve();
      });
      return { saved };
    },
  };
}
