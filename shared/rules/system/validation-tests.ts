import type { TestResult } from '../../model/system';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** The words of Debug-WindowsNode.ps1 and both versions of ValidateKubernetes.Pester.tests.ps1. */
export const TEST_NAMES = {
  osBuild: /^is windows server 20\d\d/i,
  containersFeature: /'containers' feature installed/i,
  hnsRunning: /^has hns running/i,
  dockerRunning: /^service is running/i,
  dockerVersion: /^should be a supported version/i,
  kubelet: /\bkubelet\.exe\b/i,
  kubeProxy: /\bkube-proxy\.exe\b/i,
  flanneld: /\bflanneld\.exe\b/i,
  baseImage: /^should have .* image$/i,
  localPods: /more than 1 local (container|pod)/i,
  remotePod: /at least 1 remote (container|pod)/i,
  podIp: /(pods?|containers?) (should )?have (the )?correct ip/i,
  internet: /internet connectivity|external connectivity/i,
  serviceName: /resolve service name|service by name/i,
  hostToVip: /host should be able to reach (the )?service (ip|vip)/i,
  hostToLocalPod: /^host should be able to reach (a )?local pods?/i,
  podToVip: /^pods? should be able to reach (the )?service (ip|vip)/i,
  podToPodLocal: /^pods? should be able to (ping|reach) (a )?local pods?|^local pod connectivity/i,
  podToPodRemote:
    /^pods? should be able to (ping|reach) (a )?remote pods?|^remote pod connectivity/i,
} as const;

export type ValidationTest = keyof typeof TEST_NAMES;

/**
 * The results of a test that said something, newest run last: the last one of each name counts, so
 * that a repeated run replaces an earlier one. Skipped and inconclusive tests prove nothing.
 */
export function resultsOf(snapshot: NodeSnapshot, test: ValidationTest): readonly TestResult[] {
  const last = new Map<string, TestResult>();
  for (const result of snapshot.tests) {
    if (!TEST_NAMES[test].test(result.name)) continue;
    if (result.result === 'passed' || result.result === 'failed') last.set(result.name, result);
  }
  return [...last.values()];
}

/** The failure text of a test in one line, for a summary. */
export function failureText(result: TestResult): string {
  const lines = (result.message ?? '')
    .split('\n')
    .filter((line) => !/^(at |\d+:|Checking |Testing |Pinging )/.test(line));
  const text = lines.join(' ').replace(/\s+/g, ' ').trim();
  return text === ''
    ? 'The test printed no reason'
    : text.length > 240
      ? `${text.slice(0, 239)}…`
      : text;
}
