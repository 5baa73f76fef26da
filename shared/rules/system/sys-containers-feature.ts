import type { Evidence } from '../../model/evidence';
import { fired, notChecked, passed, type Rule } from '../rule';
import { failureText, resultsOf } from './validation-tests';

/** The test asks a server's command; on a client it fails for want of the command. */
const NO_COMMAND = /CommandNotFound|is not recognized as the name of a cmdlet/i;

export const rule: Rule = {
  meta: {
    id: 'SYS-CONTAINERS-FEATURE',
    step: 1,
    severity: 'error',
    title: 'The Containers feature of Windows is installed',
    description:
      'Looks at Get-WindowsFeature or Get-WindowsOptionalFeature, or at the test of Debug-WindowsNode. Without the feature Windows has neither the Host Network Service nor the Host Compute Service.',
    impact: 'No container can start and no container network can be made.',
    needs: [['features', 'tests']],
    falsePositives:
      'collectlogs.ps1 does not record features, so their state is often not known. On client Windows the server command does not exist, which proves nothing.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/kubernetes-sigs/sig-windows-tools/blob/master/hack/DebugWindowsNode.ps1',
    ],
    explains: ['SYS-HNS-RUNNING', 'SYS-RUNTIME-RUNNING'],
  },
  check({ snapshot }) {
    const feature = snapshot.features.findLast(({ name }) => /^containers$/i.test(name));
    const finding = (evidence: readonly Evidence[], seen: string) =>
      fired({
        title: 'The Containers feature is not installed: no container can run on this node',
        summary: seen,
        cause: 'The feature was never installed, or was removed.',
        remedy: [
          {
            text: 'Install the feature and restart the node.',
            command: 'Install-WindowsFeature -Name Containers -Restart',
            disturbs: 'The node restarts.',
            verify: {
              kind: 'command',
              command: 'Get-WindowsFeature Containers',
              shows: 'shows Installed',
            },
          },
        ],
        entities: [],
        evidence,
      });
    if (feature) {
      return feature.installed
        ? passed('Containers is installed')
        : finding(feature.evidence, `Windows lists ${feature.name} as not installed.`);
    }
    const test = resultsOf(snapshot, 'containersFeature').at(-1);
    if (!test) return notChecked('No output tells the state of the Containers feature', 'features');
    if (test.result === 'passed') return passed(`Debug-WindowsNode: "${test.name}" passed`);
    if (NO_COMMAND.test(test.message ?? '')) {
      return notChecked(
        'The test could not ask: its command does not exist on this Windows',
        'features',
      );
    }
    return finding(test.evidence, `The test "${test.name}" failed: ${failureText(test)}.`);
  },
};
