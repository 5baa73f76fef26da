import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult, Finding } from '../../model/finding';
import type { Case } from '../../snapshot/node-snapshot';
import { caseOf } from '../../synthetic/case-of';
import { planNode, type NodePlan, type SyntheticOptions } from '../../synthetic/node-plan';
import { scenario } from '../../synthetic/scenarios';
import {
  bundleOf,
  edit,
  syntheticNode,
  without,
  type BundleTexts,
} from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import { rule as drift } from '../inter-node/in-ovl-vfp-drift';
import { rule as encapSource } from '../inter-node/in-ovl-encap-src';
import { rule as rewrite } from '../inter-node/in-l2rewrite';
import { rule as exceptions } from '../outbound/out-exc-3way';
import { rule as natInVfp } from '../outbound/out-nat-vfp';
import type { Rule } from '../rule';
import { rule as threeWay } from '../services/svc-vfp-3way';
import { rule as lbMissing } from '../services/svc-vfp-lb-missing';
import { rule as nodePort } from '../services/svc-vfp-nodeport';
import { rule as layers } from './vfp-layers';
import { rule as blocked } from './vfp-port-blocked';
import { rule as portMissing } from './vfp-port-missing';

const RULES: readonly Rule[] = [
  blocked,
  portMissing,
  layers,
  lbMissing,
  threeWay,
  nodePort,
  natInVfp,
  exceptions,
  rewrite,
  encapSource,
  drift,
];
const OVERLAY_ONLY = [encapSource, drift];

interface Ran {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
}

const run = (rule: Rule, bundle: BundleTexts): Ran => ran(rule, caseOf(bundle));

function ran(rule: Rule, opened: Case): Ran {
  const { checks, findings } = analyse(opened, [rule]);
  const [check] = checks;
  if (check === undefined) throw new Error('nothing ran');
  return { check, findings };
}

/** The lines that the first evidence of a finding cites. */
function cited(bundle: BundleTexts, finding: Finding | undefined): string {
  const [e] = finding?.evidence ?? [];
  return e
    ? (bundle.get(e.file) ?? '')
        .split('\n')
        .slice(e.line - 1, e.endLine)
        .join('\n')
    : '';
}

function onPort(text: string, guid: string, change: (port: string) => string): string {
  const start = text.indexOf(`Policy for port : \n${guid.toUpperCase()}`);
  if (start === -1) throw new Error(`no port ${guid}`);
  const next = text.indexOf('Policy for port : ', start + 1);
  const end = next === -1 ? text.length : next;
  return text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);
}

/** The part of a port's text from an item to the next of its kind or a larger one. */
const dropRule = (port: string, name: RegExp): string =>
  port
    .split(/(?=^ {4}RULE :|^ {2}GROUP :|^ {2}LAYER :|^Command )/m)
    .filter((part) => !(/^ {4}RULE :/.test(part) && name.test(part)))
    .join('');

const plan = (options: SyntheticOptions): NodePlan => planNode(options);
const L2 = plan({ mode: 'l2bridge' });
const OVL = plan({ mode: 'overlay' });
const l2 = bundleOf(L2);
const ovl = bundleOf(OVL);
const pod = (p: NodePlan, n = 0) => {
  const found = p.pods[n];
  if (!found) throw new Error('no pod');
  return found;
};
const vfp = (bundle: BundleTexts, change: (text: string) => string): BundleTexts =>
  edit(bundle, 'vfpOutput.txt', change);

describe('VFP rules on healthy nodes', () => {
  const healthy: readonly SyntheticOptions[] = (['l2bridge', 'overlay'] as const).flatMap((mode) =>
    ([1, 2] as const).flatMap((schema) =>
      [false, true].map((dsr) => ({ mode, schema, dsr, services: 4 })),
    ),
  );
  // Read once for all rules: eight nodes are most of the work of this file.
  const cases: { readonly options: SyntheticOptions; readonly opened: Case }[] = [];
  beforeAll(() => {
    for (const options of healthy) cases.push({ options, opened: caseOf(syntheticNode(options)) });
  }, 60_000);

  it.each(RULES.map((rule) => [rule.meta.id, rule] as const))(
    '%s is quiet and made',
    (_id, rule) => {
      expect(cases).toHaveLength(8);
      for (const { options, opened } of cases) {
        const { check, findings } = ran(rule, opened);
        expect(findings).toEqual([]);
        const elsewhere =
          (rule === rewrite && options.mode === 'overlay') ||
          (OVERLAY_ONLY.includes(rule) && options.mode === 'l2bridge');
        expect([
          check.ruleId,
          check.status,
          check.because ?? '',
          elsewhere ? '' : check.reason,
        ]).toEqual([
          rule.meta.id,
          elsewhere ? 'not-checked' : 'passed',
          elsewhere ? 'does-not-apply' : '',
          elsewhere ? '' : check.reason,
        ]);
      }
    },
  );

  it.each(RULES.map((rule) => [rule.meta.id, rule] as const))(
    '%s says what it lacks',
    (_id, rule) => {
      const mode = OVERLAY_ONLY.includes(rule) ? ovl : l2;
      const file = rule === portMissing ? 'ports.txt' : 'vfpOutput.txt';
      const { check } = run(rule, without(mode, file));
      expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
      expect(check.missing.map((m) => m.command).join()).toMatch(
        /dumpVfpPolicies|list-vmswitch-port/,
      );
    },
  );

  it.each(
    RULES.filter((rule) => rule !== portMissing && rule !== blocked && rule !== encapSource).map(
      (rule) => [rule.meta.id, rule] as const,
    ),
  )('%s concludes nothing from a dump that was cut', (_id, rule) => {
    const bundle = vfp(OVERLAY_ONLY.includes(rule) ? ovl : l2, (text) =>
      text
        .slice(0, Math.floor(text.length / 2))
        .replace(/Command (?:list-rule|get-rule-counter) succeeded!/g, ''),
    );
    expect(run(rule, bundle).findings).toEqual([]);
  });
});

describe('VFP-PORT-BLOCKED', () => {
  it('names the pod whose port is blocked', () => {
    const bundle = vfp(ovl, (text) =>
      onPort(text, pod(OVL).portGuid, (port) => port.replace('Blocked : FALSE', 'Blocked : TRUE')),
    );
    const { findings } = run(blocked, bundle);
    expect(findings.map((f) => f.title)).toEqual([
      `VFP blocks all traffic of pod ${pod(OVL).name}`,
    ]);
    expect(cited(bundle, findings[0])).toContain('Blocked : TRUE');
  });

  it('leaves a port that no endpoint refers to any more', () => {
    const bundle = vfp(
      ovl,
      (text) =>
        `${text}Policy for port : \n00000000-0000-4000-8000-00000000dead\n  Blocked : TRUE\nCommand get-port-state succeeded!\n`,
    );
    expect(run(blocked, bundle).check).toMatchObject({
      status: 'passed',
      reason: expect.stringContaining('1 blocked') as string,
    });
  });

  it('is not checked where no state was collected', () => {
    const bundle = vfp(l2, (text) =>
      text.replace(/^ +Blocked\w* : .*\n/gm, '').replace(/^ +Enabled : .*\n/gm, ''),
    );
    expect(run(blocked, bundle).check.status).toBe('not-checked');
  });
});

describe('VFP-PORT-MISSING', () => {
  it('finds the endpoint without a port, and the port without a NIC', () => {
    const gone = edit(l2, 'ports.txt', (text) => {
      const at = text.indexOf(`Port name                : ${pod(L2).portGuid.toUpperCase()}`);
      return text.slice(0, at) + text.slice(text.indexOf('Port name', at + 9));
    });
    expect(run(portMissing, gone).findings.map((f) => f.title)).toEqual([
      `${pod(L2).name} has no port on the vSwitch`,
    ]);
    const loose = edit(l2, 'ports.txt', (text) => {
      const at = text.indexOf(`Port name                : ${pod(L2).portGuid.toUpperCase()}`);
      return (
        text.slice(0, at) + text.slice(at).replace('NIC is Connected.', 'NIC is not Connected.')
      );
    });
    expect(run(portMissing, loose).findings.map((f) => f.title)).toEqual([
      `The vSwitch port of ${pod(L2).name} is not connected`,
    ]);
  });

  it('concludes nothing from a list that was cut', () => {
    const cut = edit(l2, 'ports.txt', (text) =>
      text.slice(0, text.indexOf(pod(L2).portGuid.toUpperCase()) - 27),
    );
    expect(run(portMissing, cut).check).toMatchObject({ status: 'not-checked' });
  });
});

describe('VFP-LAYERS', () => {
  it('finds the port that was never programmed', () => {
    const bundle = vfp(ovl, (text) =>
      onPort(text, pod(OVL).portGuid, (port) =>
        port.replace(/ {2}LAYER :[\s\S]*?(?=Command get-rule-counter)/, ''),
      ),
    );
    expect(run(layers, bundle).findings.map((f) => f.title)).toEqual([
      `VFP was never programmed for ${pod(OVL).ip}`,
    ]);
  });

  it('finds a port without the NAT layer its siblings have, and accepts a build without that layer', () => {
    const renamed = (text: string): string => text.replaceAll('SLB_NAT_LAYER', 'NEW_NAT_LAYER');
    const one = vfp(ovl, (text) => onPort(text, pod(OVL).portGuid, renamed));
    expect(run(layers, one).findings[0]?.summary).toContain('outbound NAT');
    expect(run(layers, vfp(ovl, renamed)).findings).toEqual([]);
  });
});

describe('SVC-VFP-LB-MISSING', () => {
  it('finds the pod whose port lacks the rule of a service', () => {
    const bundle = vfp(l2, (text) =>
      onPort(text, pod(L2).portGuid, (port) => dropRule(port, /_10\.96\.0\.10_53_53_17\n/)),
    );
    const { findings } = run(lbMissing, bundle);
    expect(findings.map((f) => f.title)).toEqual([`${pod(L2).ip} cannot reach 10.96.0.10:53/UDP`]);
  });

  it('matches by conditions: names may be of any form', () => {
    const bundle = vfp(l2, (text) =>
      text.replace(/Friendly name : LB_.*/g, 'Friendly name : whatever'),
    );
    expect(run(lbMissing, bundle).check.status).toBe('passed');
  });

  it('finds a missing rule of DSR and of IPv6', () => {
    const dsr = plan({ mode: 'l2bridge', schema: 2, dsr: true });
    const bundle = vfp(bundleOf(dsr), (text) =>
      onPort(text, pod(dsr).portGuid, (port) =>
        dropRule(port, /LB_DSR_.*_10\.96\.0\.10_53_53_17\n/),
      ),
    );
    expect(run(lbMissing, bundle).findings).toHaveLength(1);
    const six: BundleTexts = new Map(
      [...bundleOf(L2)].map(([path, text]) => [
        path,
        text
          .replaceAll('10.96.0.10', 'fd00:96::a')
          .replaceAll('10.244.0.3"', 'fd00::3"')
          .replaceAll('10.244.0.4"', 'fd00::4"')
          .replace(/\{ 10\.244\.0\.([34]) :/g, '{ fd00::$1 :'),
      ]),
    );
    expect(run(lbMissing, six).check.status).toBe('passed');
    const broken = vfp(six, (text) =>
      onPort(text, pod(L2).portGuid, (port) => dropRule(port, /_fd00:96::a_53_53_17\n/)),
    );
    expect(run(lbMissing, broken).findings).toHaveLength(1);
  });

  it('sums up when load balancing is gone at large', () => {
    const many = plan({ mode: 'overlay', services: 40 });
    const bundle = vfp(bundleOf(many), (text) =>
      onPort(text, pod(many).portGuid, (port) => dropRule(port, /Type : lbnat/)),
    );
    expect(run(lbMissing, bundle).findings).toHaveLength(1);
  });
});

describe('SVC-VFP-3WAY', () => {
  it('names the hop from HNS to VFP, the port and the backend', () => {
    const bundle = scenario('broken-services-l2bridge').bundle();
    const { findings } = run(threeWay, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'error' });
    expect(findings[0]?.summary).toMatch(
      /from HNS to VFP .* 1 of 3 pod ports .* lack 10\.244\.\d+\.\d+:80/,
    );
    expect(cited(bundle, findings[0])).toMatch(/Count of DIP Ranges: \d/);
  });

  it('sees a DIP with the wrong port', () => {
    const bundle = vfp(l2, (text) =>
      onPort(text, pod(L2).portGuid, (port) =>
        port.replace(/\{ ([\d.]+) : 6443 \}/, '{ $1 : 443 }'),
      ),
    );
    expect(run(threeWay, bundle).findings[0]?.summary).toContain(':6443');
  });

  it('names the hop from the API to HNS as a warning', () => {
    const bundle = edit(l2, 'endpointslices.json', (text) =>
      text.replaceAll(pod(L2).ip, '10.244.19.99'),
    );
    const { findings } = run(threeWay, bundle);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(finding).toMatchObject({ severity: 'warning' });
      expect(finding.summary).toContain('from the API to HNS');
    }
  });

  it('compares two sources and says which one was not there', () => {
    const noApi = run(threeWay, without(l2, 'endpointslices.json')).check;
    expect(noApi).toMatchObject({ status: 'not-checked' });
    expect(noApi.reason).toMatch(/HNS and VFP agree .* API/);
    const noVfp = run(threeWay, without(l2, 'vfpOutput.txt')).check;
    expect(noVfp.reason).toMatch(/API and HNS agree .* VFP/);
  });

  it('leaves an endpoint that no file describes to its own rule', () => {
    expect(run(threeWay, scenario('broken-services-overlay').bundle()).findings).toEqual([]);
  });
});

describe('SVC-VFP-NODEPORT', () => {
  it('finds a NodePort without any rule, whatever rules are called', () => {
    const none = vfp(l2, (text) => dropRule(text, /Destination ports : 31486/));
    expect(run(nodePort, none).findings.map((f) => f.title)).toEqual([
      'NodePort 31486/TCP does not answer on this node',
    ]);
    const renamed = vfp(l2, (text) =>
      text.replace(/Friendly name : LB_.*31486.*/g, 'Friendly name : x'),
    );
    expect(run(nodePort, renamed).check.status).toBe('passed');
  });

  it('finds a NodePort that lacks backends everywhere', () => {
    const bundle = vfp(l2, (text) =>
      text.replace(
        /(Destination ports : 31486\n[\s\S]*?Count of DIP Ranges: )4([\s\S]*?)\n +\{ [\d.]+ : 80 \}/g,
        '$13$2',
      ),
    );
    expect(run(nodePort, bundle).findings.map((f) => f.title)).toEqual([
      'NodePort 31486/TCP lacks backends on this node',
    ]);
  });
});

describe('OUT-NAT-VFP', () => {
  it('finds the pod whose policy never reached VFP', () => {
    const bundle = scenario('broken-outbound-overlay').bundle();
    const { findings } = run(natInVfp, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toMatch(/no NAT rule and no NAT pool/);
  });

  it('accepts other rule names, and rules of a type that is not known', () => {
    const renamed = vfp(ovl, (text) =>
      text.replace(/Friendly name : SNAT_.*/g, 'Friendly name : nat'),
    );
    expect(run(natInVfp, renamed).check.status).toBe('passed');
    const typed = vfp(ovl, (text) =>
      text
        .replaceAll('Type : dynnat', 'Type : newnat')
        .replace(/NAT pool : .*/g, 'x')
        .replace(/SNAT_.*/g, 'x'),
    );
    expect(run(natInVfp, typed)).toMatchObject({ findings: [], check: { status: 'not-checked' } });
  });
});

describe('OUT-EXC-3WAY', () => {
  it('names the hop from CNI to HNS', () => {
    const bundle = edit(l2, 'cni/config/cni.conf', (text) =>
      text.replace('"10.127.130.0/24"', '"10.127.130.0/24", "172.20.0.0/16"'),
    );
    const { findings } = run(exceptions, bundle);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toMatch(/from CNI to HNS .* 3 of 3 .* lack 172\.20\.0\.0\/16/);
  });

  it('names the hop from HNS to VFP', () => {
    const bundle = vfp(l2, (text) =>
      onPort(text, pod(L2).portGuid, (port) => dropRule(port, /10\.96\.0\.0-10\.111\.255\.255/)),
    );
    const { findings } = run(exceptions, bundle);
    expect(findings.map((f) => f.summary)).toEqual([
      `The hop from HNS to VFP differs: the VFP port of ${pod(L2).ip} lacks 10.96.0.0/12.`,
    ]);
  });

  it('compares addresses, not spellings: merged and nested ranges are the same set', () => {
    const merged = vfp(l2, (text) =>
      text.replaceAll(
        '10.96.0.0-10.111.255.255',
        '10.96.0.0-10.103.255.255,10.104.0.0-10.111.255.255',
      ),
    );
    expect(run(exceptions, merged).check.status).toBe('passed');
  });

  it('says which source was not compared', () => {
    expect(run(exceptions, without(l2, 'cni/config/cni.conf')).check).toMatchObject({
      status: 'not-checked',
      reason: expect.stringContaining('CNI configuration') as string,
    });
  });
});

describe('IN-L2REWRITE', () => {
  it('finds the pod whose MAC is not rewritten', () => {
    const bundle = vfp(l2, (text) => dropRule(text, new RegExp(`Source MAC : ${pod(L2).mac}`)));
    const { findings } = run(rewrite, bundle);
    expect(findings.map((f) => f.title)).toEqual([
      `Packets of ${pod(L2).name} leave the node with a MAC that nobody knows`,
    ]);
  });

  it('finds a rewrite to a MAC that the host does not have', () => {
    const bundle = vfp(l2, (text) =>
      text.replaceAll(`Source MAC: ${L2.node.hostMac}`, 'Source MAC: 00-15-5D-00-00-01'),
    );
    const { findings } = run(rewrite, bundle);
    expect(findings).toHaveLength(3);
    expect(cited(bundle, findings[0])).toContain('00-15-5D-00-00-01');
  });

  it('proves nothing by the layer of a pod port, which need not show other pods', () => {
    const bundle = vfp(l2, (text) =>
      onPort(text, L2.externalPort, () => '').replace(
        `Policy for port : \n${pod(L2).portGuid.toUpperCase()}`,
        (head) =>
          `${head}\n\n ITEM LIST\n===========\n\n  LAYER : EXTERNAL_L2_REWRITE_LAYER\n\n    RULE : X_to_EN\n        Type : transposition\n        Conditions:\n            Source MAC : 00-15-5D-AA-87-B8\n        Transposition:\n            Modify:\n                Source MAC: 00-15-5D-05-C3-0C\n        FlagsEx : 0\n\nCommand list-rule succeeded!\n`,
      ),
    );
    expect(run(rewrite, bundle)).toMatchObject({ findings: [], check: { status: 'not-checked' } });
  });

  it('is not checked where the dump does not reach the external port', () => {
    const bundle = vfp(l2, (text) => onPort(text, L2.externalPort, () => ''));
    expect(run(rewrite, bundle).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });
});

describe('IN-OVL-ENCAP-SRC', () => {
  it('finds packets sent with an address that the node does not have', () => {
    const bundle = vfp(ovl, (text) =>
      text.replaceAll(`Encap Source IP : ${OVL.node.ip}`, 'Encap Source IP : 10.127.130.99'),
    );
    const { findings } = run(encapSource, bundle);
    expect(findings).toHaveLength(1);
    expect(cited(bundle, findings[0])).toContain('10.127.130.99');
  });
});

describe('IN-OVL-VFP-DRIFT', () => {
  const [peer] = OVL.peers;
  const { podCidr = '', ip = '' } = peer ?? {};

  it('finds a remote subnet that one pod port lacks', () => {
    const net = (podCidr.split('/')[0] ?? '').replaceAll('.', '\\.');
    const bundle = vfp(ovl, (text) =>
      onPort(text, pod(OVL).portGuid, (port) =>
        dropRule(port, new RegExp(`Destination IP : ${net}-`)),
      ),
    );
    expect(run(drift, bundle).findings.map((f) => f.title)).toEqual([
      `${pod(OVL).ip} cannot reach ${podCidr}`,
    ]);
  });

  it('finds a rule that sends elsewhere than HNS says', () => {
    const bundle = vfp(ovl, (text) =>
      text.replaceAll(`IP address=${ip},`, 'IP address=10.127.130.77,'),
    );
    expect(run(drift, bundle).findings[0]?.summary).toContain(
      `sends to 10.127.130.77 instead of ${ip}`,
    );
  });

  it('is quiet where HNS and VFP hold the same stale MAC', () => {
    expect(run(drift, scenario('broken-inter-node-overlay').bundle()).findings).toEqual([]);
  });
});
