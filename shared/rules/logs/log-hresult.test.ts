import { describe, expect, it } from 'vitest';
import { caseOf } from '../../synthetic/case-of';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import { rule as netMissing } from '../hns/hns-net-missing';
import { runOnFiles } from '../testing/run-rule';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule } from './log-hresult';

const bridge = syntheticNode({ mode: 'l2bridge' });

const saying = (path: string, text: string, at = '09:19:31', level = 'E'): BundleTexts =>
  edit(bridge, path, (log) => `${log}${level}0514 ${at}.000000    8136 x.go:1] ${text}\n`);
const PORT_MISSING =
  '"Policy creation failed" err="hcnCreateLoadBalancer failed in Win32: The switch-port was not found. (0x803b0007)"';
const ADAPTER =
  'Error registering network: hnsCall failed in Win32: An adapter was not found. (0x803b0006)';

describe('LOG-HRESULT', () => {
  it('is quiet on healthy nodes, and not checked without logs', () => {
    for (const mode of ['l2bridge', 'overlay'] as const)
      expect(outcomeOf(rule, syntheticNode({ mode })).check.status).toBe('passed');
    expect(runOnFiles(rule, ['network.txt', '[]']).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });

  it('decodes what HNS refused at the end of a log, and cites the entry', () => {
    const bundle = saying('flanneld.log', ADAPTER);
    const { findings } = outcomeOf(rule, bundle);
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        title: expect.stringContaining('flanneld: 0x803b0006') as string,
        cause: expect.stringContaining('adapter') as string,
      },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('An adapter was not found');
  });

  it('reads the error of PowerShell in a language that it does not know', () => {
    const text =
      'Invoke-HnsRequest : @{Error=\u627e\u4e0d\u5230\u9002\u914d\u5668\u3002 ; ErrorCode=2151350278; Success=False}\nAt C:\\k\\flannel\\hns.psm1:233 char:16\n';
    expect(runOnFiles(rule, ['kube-flannel-windows.log', text]).findings).toMatchObject([
      { title: expect.stringContaining('0x803b0006') as string },
    ]);
  });

  it('says nothing of kube-proxy where all load balancers are there, and speaks where one is not', () => {
    const refused = saying('kubeproxy.log', PORT_MISSING);
    expect(outcomeOf(rule, refused).check.status).toBe('passed');
    const noDns = edit(refused, 'policy.txt', (text) =>
      text.replaceAll('"10.96.0.10"', '"10.96.0.99"'),
    );
    expect(outcomeOf(rule, without(noDns, 'hnsdiag.txt')).findings).toHaveLength(1);
    const unknown = outcomeOf(rule, without(refused, 'policy.txt', 'hnsdiag.txt'));
    expect(unknown.findings[0]?.remedy.at(-1)?.command).toContain('kubeproxy');
  });

  it('leaves out removals, old refusals, other errors of Windows and what events tell', () => {
    for (const bundle of [
      saying(
        'kubelet.log',
        'Error deleting network: hcnDeleteEndpoint failed in Win32: x (0x803b0002)',
      ),
      edit(bridge, 'flanneld.log', (log) => `E0514 06:00:00.000000 1 x.go:1] ${ADAPTER}\n${log}`),
      saying('kubelet.log', 'failed in Win32: Access is denied. (0x5)'),
      saying('flanneld.log', ADAPTER, '09:19:31', 'I'),
      saying('flanneld.log', 'endpoint hnsCall failed in Win32: x (0x803b0014)'),
      having(
        saying('flanneld.log', ADAPTER),
        'events.txt',
        'Failed to create pod sandbox: rpc error: hcnCreateEndpoint failed in Win32: x (0x803b0006)\n',
      ),
    ])
      expect(outcomeOf(rule, bundle).findings).toEqual([]);
  });

  it('stands under the network that is missing for it', () => {
    const lost = edit(saying('flanneld.log', ADAPTER), 'network.txt', () => '[]');
    const { findings } = analyse(
      caseOf(without(lost, 'networkdetailed.txt', 'hnsdiag.txt', 'endpoint.txt', 'policy.txt')),
      [netMissing, rule],
    );
    expect(findings.map(({ ruleId, causedBy }) => [ruleId, causedBy])).toEqual([
      ['HNS-NET-MISSING', null],
      ['LOG-HRESULT', 0],
    ]);
  });
});
