import { mkdirSync, writeFileSync } from 'node:fs';
import type { Locator } from 'playwright';
import { SshLab, type Replay } from '../electron/transports/testing/openssh';
import { launch, type RunningApp } from './app';
import { collection, describeNode, findingsByNode, trust } from './live-window';
import { welcome } from './window';

/** The app with one node in it, collected over SSH from a real OpenSSH server. */
export interface LiveNode {
  readonly running: RunningApp;
  /** What is on the node: written beside what it answers. */
  readonly stateFile: string;
  /** A file in a folder of the test's own. */
  path(name: string): string;
  /** What the node answers from now on. */
  answer(replay: Replay): void;
  dialog(name: string): Locator;
  /** The rules that find something on the node. */
  rules(): Promise<readonly string[]>;
  findings(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** Starts a server that answers from a folder, and collects it in the window. */
export async function liveNode(folder: string): Promise<LiveNode> {
  const lab = new SshLab();
  mkdirSync(lab.path('home'));
  const file = lab.key('operator', 'ed25519');
  const node = await lab.node({ folder });
  const settings = lab.path('replay.json-1');
  const running = await launch({
    env: { HOME: lab.path('home'), XDG_CONFIG_HOME: lab.path('home/.config'), SSH_AUTH_SOCK: '' },
  });
  const { page } = running;
  await welcome(page).waitFor();
  const typed = { kind: 'SSH', port: node.port, user: node.user, name: 'node' } as const;
  const connect = await describeNode(running, { ...typed, key: { file } });
  await connect.getByRole('button', { name: 'Connect', exact: true }).click();
  await trust(page, node.fingerprint);
  await collection(page, 'node', 'Collected').waitFor();
  const findings = async (): Promise<readonly unknown[]> =>
    Object.values(await findingsByNode(page))[0] ?? [];
  return {
    running,
    stateFile: `${settings}.node`,
    path: (name) => lab.path(name),
    answer: (replay) => writeFileSync(settings, JSON.stringify(replay)),
    dialog: (name) => page.getByRole('dialog', { name, exact: true }),
    findings,
    rules: async () => [
      ...new Set((await findings()).map((each) => String((each as unknown[])[0]))),
    ],
    close: async () => {
      await running.close();
      await lab.close();
    },
  };
}
