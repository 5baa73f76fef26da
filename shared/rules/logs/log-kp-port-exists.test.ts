import { describe, expect, it } from 'vitest';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule } from './log-kp-port-exists';

const bridge = syntheticNode({ mode: 'l2bridge' });
const NODE_PORT = Number(/"nodePort":\s*(\d+)/.exec(bridge.get('services.json') ?? '')?.[1]);

const refused = (bundle: BundleTexts, what = 'Policy creation failed'): BundleTexts =>
  edit(
    bundle,
    'kubeproxy.log',
    (text) =>
      `${text}E0514 09:19:31.000000    8136 proxier.go:1210] "${what}" err="hcnCreateLoadBalancer failed in Win32: The specified port already exists. (0x803b0013) {\\"Success\\":false,\\"ErrorCode\\":2151350291}"\n`,
  );
const lost = edit(bridge, 'policy.txt', (text) => text.replaceAll(String(NODE_PORT), '31999'));

describe('LOG-KP-PORT-EXISTS', () => {
  it('is quiet on healthy nodes, and where the load balancer was made later', () => {
    for (const mode of ['l2bridge', 'overlay'] as const)
      expect(outcomeOf(rule, syntheticNode({ mode })).check.status).toBe('passed');
    expect(outcomeOf(rule, refused(bridge)).check.status).toBe('passed');
  });

  it('finds the refusal where a load balancer is missing', () => {
    const bundle = refused(lost);
    const { findings } = outcomeOf(rule, bundle);
    expect(findings).toMatchObject([
      { severity: 'error', title: expect.stringContaining('win-webserver') as string },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('0x803b0013');
  });

  it('names the program that listens on the port, or the range that excludes it', () => {
    const listens = edit(refused(lost), 'tcpconnections.txt', (text) =>
      text.replace(/^127\.0\.0\.1( +)10249/m, `127.0.0.1$1${NODE_PORT}`),
    );
    expect(outcomeOf(rule, listens).findings[0]?.cause).toContain(`listens on port ${NODE_PORT}`);
    const excluded = edit(refused(lost), 'excludedportrange.txt', (text) =>
      text.replace(
        /^ +5985.*$/m,
        (row) => `${row}\n${String(NODE_PORT).padStart(10)}${String(NODE_PORT).padStart(12)}      `,
      ),
    );
    expect(outcomeOf(rule, excluded).findings[0]?.cause).toContain('is excluded from use');
  });

  it('is a warning where nothing tells what is missing', () => {
    const unknown = refused(without(bridge, 'policy.txt', 'hnsdiag.txt'));
    expect(outcomeOf(rule, unknown).findings).toMatchObject([{ severity: 'warning' }]);
  });

  it('tells the health check, which collides with kube-proxy itself, from ports of services', () => {
    const health = refused(lost, 'Healthcheck loadbalancer policy creation failed');
    const { findings } = outcomeOf(rule, health);
    expect(findings).toMatchObject([
      {
        severity: 'warning',
        title: expect.stringContaining('health check') as string,
        cause: expect.stringContaining('--forward-healthcheck-vip') as string,
      },
    ]);
    expect(firstLines(health, findings[0])[0]).toContain('Healthcheck loadbalancer');
    const both = outcomeOf(rule, refused(health)).findings;
    expect(both).toMatchObject([{ title: expect.stringContaining('win-webserver') as string }]);
  });

  it('is not checked without the log', () => {
    const bundle = having(without(bridge, 'kubeproxy.log'), 'note.txt', 'nothing\n');
    expect(outcomeOf(rule, bundle).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });
});
