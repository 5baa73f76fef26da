import { mkdirSync } from 'node:fs';
import { KubeLab, TOKEN_CANARY } from '../electron/transports/kubernetes/testing/kube-lab';
import { clusterObjects } from '../electron/transports/kubernetes/testing/cluster-fixture';
import { scenario } from '../shared/synthetic/scenarios';
import { launch, type RunningApp } from './app';
import { chooseNext, connectDialog } from './live-window';
import { welcome } from './window';

/** What a credential plugin prints. */
const CREDENTIAL = JSON.stringify({
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  status: { token: TOKEN_CANARY },
});

/**
 * Takes the pictures of the first connection through Kubernetes, for docs/live-kubernetes.md, of an
 * API server on this computer.
 * @param take prepares the window and takes a picture of that name
 */
export async function takeKubernetesPictures(
  take: (running: RunningApp, name: string) => Promise<void>,
): Promise<void> {
  const lab = new KubeLab();
  mkdirSync(lab.path('home'));
  const node = 'win-9p1xz4ct8rb';
  const objects = clusterObjects(scenario('broken-services-overlay').bundle(), node);
  const api = await lab.api({ objects });
  // The plugin hands out what it finds in its environment; the window shows its command.
  const kubeconfig = lab.kubeconfig(api.url, {
    context: 'production',
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/usr/bin/printenv',
        args: ['CLUSTER_LOGIN'],
        env: [{ name: 'CLUSTER_LOGIN', value: CREDENTIAL }],
        interactiveMode: 'Never',
      },
    },
  });
  const home = lab.path('home');
  const running = await launch({
    env: { HOME: home, XDG_CONFIG_HOME: `${home}/.config`, KUBECONFIG: '' },
  });
  const { app, page } = running;
  try {
    await welcome(page).waitFor();
    await page.keyboard.press('Control+Shift+N');
    const dialog = connectDialog(page);
    await dialog.getByRole('radio', { name: 'Kubernetes' }).click();
    await chooseNext(app, kubeconfig);
    await dialog.getByRole('button', { name: 'Choose kubeconfig…' }).click();
    await dialog.getByRole('button', { name: /^production/ }).waitFor();
    await dialog.getByRole('button', { name: 'List nodes' }).click();
    const plugin = page.getByRole('alertdialog', { name: 'May this program run?' });
    await plugin.getByText('/usr/bin/printenv').waitFor();
    await take(running, 'live-kubernetes-plugin');
    await plugin.getByRole('button', { name: 'Run it', exact: true }).click();
    await dialog.getByRole('button', { name: 'List nodes' }).waitFor();
    await dialog.getByRole('button', { name: /Node$/ }).click();
    await page.getByRole('option', { name: node }).waitFor();
    await take(running, 'live-kubernetes-nodes');
  } finally {
    await running.close();
    await lab.close();
  }
}
