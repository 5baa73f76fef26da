import { describe, expect, it } from 'vitest';
import { nodeCapture } from '../../synthetic/node-capture';
import { planNode } from '../../synthetic/node-plan';
import * as p from '../../synthetic/packets';
import { scenario } from '../../synthetic/scenarios';
import { bundleOf, edit, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { RULES } from '../catalogue';
import { analyse } from '../engine';
import type { Rule } from '../rule';
import type { Ran } from '../testing/run-rule';
import { rule as state } from './flow-no-state';
import { rule as internet } from './flow-pod-net';
import { rule as l2bridge } from './flow-pod-pod-l2b';
import { rule as overlay } from './flow-pod-pod-ovl';
import { rule as service } from './flow-pod-svc';
import { rule as unexplained } from './flow-unexplained';
import { captureCase, runOnCase } from './testing/capture-case';
import { changePackets } from './testing/change-packets';

const samples = new Map<string, { bundle: BundleTexts; capture: Uint8Array }>();

/** A sample node with its capture. */
function sample(id: string): { readonly bundle: BundleTexts; readonly capture: Uint8Array } {
  const made = samples.get(id) ?? {
    bundle: scenario(id).bundle(),
    capture: scenario(id).capture?.() ?? new Uint8Array(0),
  };
  samples.set(id, made);
  return made;
}

function run(rule: Rule, bundle: BundleTexts, capture: Uint8Array): Ran {
  return runOnCase(rule, captureCase([bundle, { 'packets.pcapng': capture }]));
}

const on = (rule: Rule, id: string): Ran => run(rule, sample(id).bundle, sample(id).capture);

const FLOW_RULES = [
  ['FLOW-POD-POD-L2B', l2bridge],
  ['FLOW-POD-POD-OVL', overlay],
  ['FLOW-POD-NET', internet],
  ['FLOW-POD-SVC', service],
  ['FLOW-NO-STATE', state],
  ['FLOW-UNEXPLAINED', unexplained],
] as const;

describe.each(FLOW_RULES)('%s', (_, rule) => {
  it.each(['healthy-l2bridge', 'healthy-overlay'])('is quiet on %s with its capture', (id) => {
    expect(on(rule, id).findings).toEqual([]);
  });

  it('is not checked without a capture, or where it holds the network card only', () => {
    const id = rule === overlay ? 'healthy-overlay' : 'healthy-l2bridge';
    const { bundle, capture } = sample(id);
    expect(runOnCase(rule, captureCase([bundle, {}])).check.status).toBe('not-checked');
    const card = changePackets(capture, ({ interface: at, bytes }) =>
      at === 1 ? bytes : undefined,
    );
    expect(run(rule, bundle, card).check.status).toBe('not-checked');
  });

  it('is not checked without the state of the node', () => {
    const { capture } = sample('healthy-l2bridge');
    const alone = runOnCase(rule, captureCase([new Map(), { 'packets.pcapng': capture }]));
    expect(alone.check.status).toBe('not-checked');
  });
});

it('every change of a healthy node is explained by its rules', () => {
  for (const id of ['healthy-l2bridge', 'healthy-overlay'])
    for (const rule of [service, state, internet, unexplained])
      expect(on(rule, id).check).toMatchObject({
        status: 'passed',
        reason: expect.not.stringContaining('could not be judged') as string,
      });
});

it.each([
  ['broken-inter-node-l2bridge', 'FLOW-POD-POD-L2B'],
  ['broken-inter-node-overlay', 'FLOW-POD-POD-OVL'],
  ['broken-outbound-l2bridge', 'FLOW-POD-NET'],
])('what the capture of %s shows is listed under its cause', (id, ruleId) => {
  const { bundle, capture } = sample(id);
  const { findings } = analyse(captureCase([bundle, { 'packets.pcapng': capture }]), RULES);
  expect(findings[0]?.ruleId).toBe(scenario(id).expectedRule);
  expect(findings.find((finding) => finding.ruleId === ruleId)?.causedBy).toBe(0);
  const step8 = findings.filter(({ step }) => step === 8).map((finding) => finding.ruleId);
  expect(step8).toEqual([ruleId]);
});

describe('FLOW-POD-POD-L2B', () => {
  it('fires where packets go to the gateway and not to the node of the pod', () => {
    const { findings } = on(l2bridge, 'broken-inter-node-l2bridge');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toMatch(
      /^Packets leave to a wrong next hop: .* to 10\.244\.17\.50:80\/TCP$/,
    );
    expect(findings[0]?.summary).toMatch(/node .*, which has the pod, is 00-15-5D-/i);
    expect(findings[0]?.summary).toMatch(/packets \d+ and \d+ of packets\.pcapng/);
  });

  it('cites the packets that it names, in the flow that the pod sends', () => {
    const { bundle, capture } = sample('broken-inter-node-l2bridge');
    const theCase = captureCase([bundle, { 'packets.pcapng': capture }]);
    const [finding] = runOnCase(l2bridge, theCase).findings;
    const cited = (finding?.evidence ?? []).flatMap(({ packet }) => packet ?? []);
    const said = /packets (\d+) and (\d+) of/
      .exec(finding?.summary ?? '')
      ?.slice(1)
      .map(Number);
    expect(cited.map(({ number }) => number)).toEqual(said);
    const read = theCase.nodes[0]?.snapshots[0]?.captures[0];
    const flow = read?.flow(cited[0]?.flow ?? -1);
    expect(flow?.server.address).toBe('10.244.17.50');
    expect(flow?.firstPacket).toBe((cited[0]?.number ?? 0) - 1);
  });

  it('does not claim what it cannot know: the MAC of the other node', () => {
    const { bundle, capture } = sample('broken-inter-node-l2bridge');
    expect(run(l2bridge, without(bundle, 'arp.txt'), capture).findings).toEqual([]);
  });

  it('fires where packets never leave the node', () => {
    const { bundle, capture } = sample('broken-inter-node-l2bridge');
    const target = p.ipBytes('10.244.17.50');
    const lost = changePackets(capture, ({ interface: at, bytes }) =>
      at < 2 && holds(bytes, target) ? undefined : bytes,
    );
    expect(run(l2bridge, bundle, lost).findings.map(({ title }) => title)).toContainEqual(
      expect.stringMatching(/^Packets never leave the node: .*10\.244\.17\.50/),
    );
  });
});

describe('FLOW-POD-POD-OVL', () => {
  it('names the field of the tunnel that is wrong, and the rule that made it', () => {
    const { findings } = on(overlay, 'broken-inter-node-overlay');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toMatch(/^The tunnel to node .* has a wrong router MAC: /);
    expect(findings[0]?.summary).toMatch(/it must be .*REMOTESUBNETROUTE/s);
    expect(findings[0]?.entities.some(({ kind }) => kind === 'vfp-rule')).toBe(true);
  });
});

describe('FLOW-POD-NET', () => {
  it('fires where packets leave with the address of the pod and get no answer', () => {
    const { findings } = on(internet, 'broken-outbound-l2bridge');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.title).toMatch(/^Packets leave with the address of the pod: /);
  });

  it('does not where pods are meant to leave as they are', () => {
    const { bundle, capture } = sample('broken-outbound-l2bridge');
    const plain = edit(bundle, 'endpoint.txt', (text) => text.replaceAll('OutBoundNAT', 'Other'));
    expect(run(internet, plain, capture).findings).toEqual([]);
  });
});

describe('FLOW-UNEXPLAINED', () => {
  it('tells of a translation that the rules spare the packet', () => {
    const { bundle } = sample('broken-outbound-l2bridge');
    const { findings } = run(unexplained, bundle, sample('healthy-l2bridge').capture);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'warning' });
    expect(findings[0]?.title).toMatch(
      /^No rule explains how packets are changed: .* to 203\.0\.113\.80:443\/TCP$/,
    );
  });

  it('leaves outbound NAT that is not applied to FLOW-POD-NET', () => {
    const { bundle } = sample('healthy-l2bridge');
    const { capture } = sample('broken-outbound-l2bridge');
    expect(run(unexplained, bundle, capture).findings).toEqual([]);
    expect(run(internet, bundle, capture).findings).toHaveLength(1);
  });
});

describe('services', () => {
  const plan = planNode({ mode: 'l2bridge' });
  const capture = nodeCapture(plan);
  const bundle = bundleOf(plan);

  it('FLOW-NO-STATE fires for a backend that the rules do not name', () => {
    const gone = edit(bundle, 'vfpOutput.txt', (text) =>
      text.replaceAll('10.244.18.49', '10.244.18.77'),
    );
    const { findings } = run(state, gone, capture);
    expect(findings[0]).toMatchObject({ severity: 'warning' });
    expect(findings[0]?.title).toMatch(
      /^A flow goes to 10\.244\.18\.49, which its load balancer does not have/,
    );
    expect(findings[0]?.summary).toContain('10.244.18.77');
  });

  it('FLOW-POD-SVC fires where packets leave for the service address itself', () => {
    const vip =
      plan.loadBalancers.find(({ service: of }) => of.endsWith('win-webserver'))?.vip ?? '';
    const unanswered = sample('broken-inter-node-l2bridge').capture;
    const untranslated = changePackets(unanswered, ({ bytes }) => {
      if (!startsAt(bytes, 30, p.ipBytes('10.244.17.50'))) return bytes;
      const changed = Uint8Array.from(bytes);
      changed.set(p.ipBytes(vip), 30);
      return changed;
    });
    const { findings } = run(service, bundle, untranslated);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'error' });
    expect(findings[0]?.title).toMatch(/^Packets leave the node for the service address itself/);
    expect(findings[0]?.summary).toContain('By the rules: ');
  });

  it('FLOW-POD-SVC tells of a change that no rule explains', () => {
    const plain = planNode({ mode: 'overlay' });
    const elsewhere = edit(bundleOf(plain), 'vfpOutput.txt', (text) =>
      text.replaceAll('10.127.130.35', '10.127.130.99'),
    );
    const { findings } = run(service, elsewhere, nodeCapture(plain));
    expect(findings[0]).toMatchObject({ severity: 'warning' });
    expect(findings[0]?.title).toMatch(/^No rule explains how packets are changed/);
    expect(findings[0]?.summary).toMatch(/in a tunnel from .* to 10\.127\.130\.35/);
  });
});

function startsAt(bytes: Uint8Array, at: number, part: readonly number[]): boolean {
  return part.every((byte, n) => bytes[at + n] === byte);
}

/** Does the frame hold these bytes anywhere? */
function holds(bytes: Uint8Array, part: readonly number[]): boolean {
  return bytes.some((_, at) => startsAt(bytes, at, part));
}
