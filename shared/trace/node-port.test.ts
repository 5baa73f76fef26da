import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planCluster, planNode } from '../synthetic/node-plan';
import { bundleOf, edit, without } from '../synthetic/synthetic-node';
import { vfpPorts } from '../synthetic/vfp-plan';
import { vfpText, type SyntheticVfpPort } from '../synthetic/vfp-text';
import type { TraceBranch } from './steps';
import type { Trace } from './trace';
import { endsOf, rule, rulesOf, traceOf, wayOf, withPorts } from './testing/nodes';

/** NodePorts asked from outside of the cluster. */
const CLIENT = '203.0.113.5';
const NODE_PORT = 31486;
const ids = ({ assumptions }: Trace): readonly string[] => assumptions.map(({ id }) => id);
const plan = planNode({ mode: 'l2bridge' });
const to = `${plan.node.ip}:${NODE_PORT}`;

/** The healthy l2bridge node with another host's port. */
const withHostPort = (change: (port: SyntheticVfpPort) => SyntheticVfpPort): Trace =>
  traceOf(
    { from: CLIENT, to },
    withPorts((port) => (port.name === plan.hostPort ? change(port) : port)).opened,
  );

describe.each(['l2bridge', 'overlay'] as const)('%s: a NodePort from outside', (mode) => {
  const plans = planCluster({ mode });
  const [first] = plans;
  const question = { from: CLIENT, to: `${first?.node.ip ?? ''}:${NODE_PORT}` };

  it('is balanced by the rules of the host’s port, and what that rests on is said', () => {
    const trace = traceOf(question, caseOf(...plans.slice(0, 1).map(bundleOf)));
    expect(trace.branches).toHaveLength(6);
    expect(trace.delivered).toBe(true);
    const balancing = rulesOf(wayOf(trace)).find((step) => step.rule.type === 'lbnat');
    expect(balancing?.place.name).toBe("host's port");
    expect(balancing?.direction).toBe('OUT');
    expect(ids(trace)).toEqual(expect.arrayContaining(['nodeport-turned-back', 'nodeport-source']));
  });

  it('the answer of every backend finds back to the client', () => {
    const trace = traceOf(question, caseOf(...plans.map(bundleOf)));
    expect(endsOf(trace)).toEqual(Array(6).fill('delivered-after-nat'));
    const backText = ({ reply }: TraceBranch): string => `${reply?.status}: ${reply?.text}`;
    for (const branch of trace.branches)
      expect(backText(branch)).toMatch(
        /^symmetric: The answer comes back the same way, and the flow translates it back .* -> 203\.0\.113\.5/,
      );
  });
});

describe('what decides it is not there', () => {
  it('HNS has no load balancer for the port: the node does not get it, nothing has it', () => {
    const loadBalancers = plan.loadBalancers.filter((lb) => lb.externalPort !== NODE_PORT);
    const opened = caseOf(bundleOf({ ...plan, loadBalancers }));
    const [branch] = traceOf({ from: CLIENT, to }, opened).branches;
    expect(branch?.disposition.kind).toBe('no-endpoint');
    expect(branch?.disposition.text).toContain('HNS has no load balancer for it');
    expect(branch?.disposition.evidence[0]?.file).toBe('services.json');
    const other = traceOf({ from: CLIENT, to: `${plan.node.ip}:10250` }, opened);
    expect(endsOf(other)).toEqual(['delivered']);
  });

  it('without a load balancer of HNS in the case they are asked for', () => {
    const bundle = without(bundleOf({ ...plan, loadBalancers: [] }), 'policy.txt');
    const [branch] = traceOf({ from: CLIENT, to }, caseOf(bundle)).branches;
    expect(branch?.disposition.kind).toBe('insufficient-information');
    expect(branch?.disposition.missing[0]?.command).toContain('Get-HnsPolicyList');
  });

  it('without the rules of the host’s port they are asked for', () => {
    const bundle = without(bundleOf(plan), 'vfpOutput.txt');
    const [branch] = traceOf({ from: CLIENT, to }, caseOf(bundle)).branches;
    expect(branch?.disposition.kind).toBe('insufficient-information');
    expect(branch?.disposition.missing[0]?.command).toContain('/list-rule');
  });

  it('a host’s port that balances nothing at all: the switch is asked', () => {
    const trace = withHostPort((port) => ({ ...port, layers: [] }));
    expect(endsOf(trace)).toEqual(['insufficient-information']);
    expect(trace.branches[0]?.disposition.missing[0]?.command).toContain('/process-tuples');
  });

  it('a host’s port that balances others and not this one: nothing has the address', () => {
    const trace = withHostPort((port) => ({
      ...port,
      layers: port.layers.map((layer) => ({
        ...layer,
        groups: layer.groups.map((group) => ({
          ...group,
          rules: group.rules.filter(({ friendlyName }) => !/_31486_/.test(friendlyName ?? '')),
        })),
      })),
    }));
    expect(endsOf(trace)).toEqual(['no-endpoint']);
    expect(trace.branches[0]?.disposition.text).toContain('NodePort 31486/TCP');
    expect(trace.branches[0]?.disposition.evidence[0]?.file).toBe('policy.txt');
  });

  it('a port of the node without a load balancer is the node’s own', () => {
    const trace = traceOf({ from: CLIENT, to: `${plan.node.ip}:22` }, caseOf(bundleOf(plan)));
    expect(endsOf(trace)).toEqual(['delivered']);
    expect(ids(trace)).not.toContain('nodeport-turned-back');
  });
});

describe('rules of direct server return on the host’s port', () => {
  const local = plan.pods[0]?.ip ?? '';
  /** As networkhealth.ps1 names them. */
  const hostRules = (backend: string) => (port: SyntheticVfpPort) => ({
    ...port,
    layers: [
      {
        name: 'SLB_HAIRPIN_LAYER',
        priority: 60,
        flags: '0x1 Default Allow',
        groups: [
          {
            name: 'SLB_GROUP_HAIRPIN_IPv4_IN',
            type: 'IPv4',
            priority: 100,
            direction: 'IN' as const,
            rules: [
              rule(`HairPin_1A2B3_${plan.node.ip}_31486_31486_6`, 'allow', {
                conditions: [
                  ['Protocols', '6'],
                  ['Destination IP', plan.node.ip],
                  ['Destination ports', '31486'],
                ],
              }),
            ],
          },
        ],
      },
      {
        name: 'LB',
        priority: 200,
        flags: '0x1 Default Allow',
        groups: [
          {
            name: 'LB_OUT',
            type: 'IPv4',
            priority: 100,
            direction: 'OUT' as const,
            rules: [
              rule(`LB_HOST_1A2B3_${plan.node.ip}_31486_80_6`, 'lbnat', {
                conditions: [
                  ['Protocols', '6'],
                  ['Destination IP', plan.node.ip],
                  ['Destination ports', '31486'],
                ],
                data: ['Count of DIP Ranges: 1', 'DIP Range(s) :', `    { ${backend} : 80 }`],
              }),
            ],
          },
        ],
      },
    ],
  });

  it('the hairpin rule is the evidence of the turn, and the client keeps its address', () => {
    const trace = withHostPort(hostRules(local));
    expect(endsOf(trace)).toEqual(['delivered-after-nat']);
    const turn = wayOf(trace).find(({ text }) => text.includes('turns it back'));
    expect(turn?.evidence[0]?.file).toBe('vfpOutput.txt');
    expect(trace.branches[0]?.end?.sourceIp).toBe(CLIENT);
    expect(ids(trace)).not.toContain('nodeport-source');
    expect(trace.branches[0]?.reply).toMatchObject({ status: 'symmetric' });
  });

  it('a backend on another node answers past this one: asymmetric', () => {
    const [here, there] = planCluster({ mode: 'l2bridge' });
    if (here === undefined || there === undefined) throw new Error('the cluster has too few nodes');
    const ports = vfpPorts(here).map((port) =>
      port.name === here.hostPort ? hostRules(there.pods[0]?.ip ?? '')(port) : port,
    );
    const bundle = edit(bundleOf(here), 'vfpOutput.txt', () => vfpText(ports, { counters: false }));
    const trace = traceOf(
      { from: CLIENT, to: `${here.node.ip}:${NODE_PORT}` },
      caseOf(bundle, bundleOf(there)),
    );
    expect(trace.branches[0]?.disposition.text).toContain(there.node.name);
    expect(trace.branches[0]?.reply?.status).toBe('asymmetric');
    expect(trace.branches[0]?.reply?.text).toMatch(
      new RegExp(
        `^The packet came to ${here.node.name}, and the answer leaves by ${there.node.name}`,
      ),
    );
  });
});
