import { describe, expect, it } from 'vitest';
import { scenario } from '../../synthetic/scenarios';
import { edit, syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { analyse } from '../engine';
import { assembleCase } from '../../snapshot/assemble';
import { parseFile } from '../../parsers/parse-file';
import { textFileOf } from '../../text/text-file';
import type { Rule } from '../rule';
import { rule as containerCreating } from '../events/ev-containercreating';
import { rule as sandboxFailed } from '../events/ev-sandbox-failed';
import { cited, runOnFiles, runRule } from '../testing/run-rule';
import { rule as confMissing } from './cni-conf-missing';
import { rule as dnsServer } from './cni-dns-server';
import { rule as dnsSuffix } from './cni-dns-suffix';
import { rule as badCidr } from './cni-exc-badcidr';
import { rule as excMgmt } from './cni-exc-mgmt';
import { rule as excPod } from './cni-exc-pod';
import { rule as schema } from './cni-exc-schema';
import { rule as excSvc } from './cni-exc-svc';
import { rule as zero } from './cni-exc-zero';
import { rule as backend } from './cni-fl-backend';
import { rule as json } from './cni-json';
import { rule as nameHns } from './cni-name-hns';
import { rule as natMissing } from './cni-nat-missing';
import { rule as routeHost } from './cni-route-host';
import { rule as routeSvc } from './cni-route-svc';
import { rule as sourceVip } from './cni-srcvip-stale';

const CONF = 'cni/config/cni.conf';
const bridge = syntheticNode({ mode: 'l2bridge' });
const overlay = syntheticNode({ mode: 'overlay' });
const CONFIG_RULES: readonly Rule[] = [
  dnsServer,
  dnsSuffix,
  badCidr,
  excMgmt,
  excPod,
  schema,
  excSvc,
  zero,
  json,
  nameHns,
  natMissing,
  routeHost,
  routeSvc,
];
const ALL: readonly Rule[] = [...CONFIG_RULES, confMissing, backend, sourceVip];

interface Policy {
  Name: string;
  Value: Record<string, unknown>;
}
interface Conf {
  name?: string;
  type?: string;
  apiVersion?: number;
  capabilities?: Record<string, boolean>;
  delegate: {
    type: string;
    apiVersion?: number;
    ipMasq?: boolean;
    dns: { Nameservers?: string[]; Search?: string[] };
    policies?: Policy[];
    Policies?: Policy[];
  };
}

/** The bundle with its CNI configuration changed as an object. */
function withConf(
  bundle: BundleTexts,
  change: (conf: Conf, policies: Policy[]) => void,
): BundleTexts {
  return edit(bundle, CONF, (text) => {
    const conf = JSON.parse(text) as Conf;
    change(conf, conf.delegate.policies ?? conf.delegate.Policies ?? []);
    return `${JSON.stringify(conf, undefined, 2)}\n`;
  });
}

const withText = (bundle: BundleTexts, from: string, to: string): BundleTexts =>
  edit(bundle, CONF, (text) => text.replace(from, to));

/** The same configuration in the V2 form, for sdnbridge or sdnoverlay. */
function asV2(bundle: BundleTexts): BundleTexts {
  return withConf(bundle, (conf, policies) => {
    conf.delegate.type = conf.delegate.type === 'win-bridge' ? 'sdnbridge' : 'sdnoverlay';
    for (const policy of policies) {
      const { Type, ExceptionList, ...rest } = policy.Value;
      policy.Value =
        Type === 'OutBoundNAT'
          ? { Type, Settings: { Exceptions: ExceptionList } }
          : { Type: Type === 'ROUTE' ? 'SDNRoute' : Type, Settings: rest };
    }
  });
}

const titles = (rule: Rule, bundle: BundleTexts): string[] =>
  runRule(rule, bundle).findings.map((f) => f.title);

describe('on healthy nodes', () => {
  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))('%s is quiet', (_id, rule) => {
    for (const hns of [1, 2] as const) {
      for (const dsr of [false, true]) {
        for (const mode of ['l2bridge', 'overlay'] as const) {
          const { check, findings } = runRule(rule, syntheticNode({ mode, schema: hns, dsr }));
          expect(findings).toEqual([]);
          expect(check.status === 'passed' || check.because === 'does-not-apply').toBe(true);
        }
      }
    }
  });

  it.each(ALL.map((rule) => [rule.meta.id, rule] as const))(
    '%s is quiet about the V2 form',
    (_id, rule) => {
      expect(runRule(rule, asV2(bridge)).findings).toEqual([]);
      expect(runRule(rule, asV2(overlay)).findings).toEqual([]);
    },
  );

  it.each(CONFIG_RULES.map((rule) => [rule.meta.id, rule] as const))(
    '%s runs on l2bridge, and is not checked without the configuration',
    (_id, rule) => {
      expect(runRule(rule, bridge).check.status).toBe('passed');
      const { check } = runRule(rule, without(bridge, CONF));
      expect(check).toMatchObject({ status: 'not-checked', because: 'needs-evidence' });
      expect(check.missing.map((m) => m.what)).toContain('the CNI configuration');
    },
  );
});

describe('CNI-EXC-ZERO', () => {
  it('cites the very line of the typing error', () => {
    const broken = scenario('broken-outbound-l2bridge').bundle();
    const { findings } = runRule(zero, broken);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(cited(broken, findings[0])).toEqual(['"10.244.0.0/0",']);
    expect(findings[0]?.summary).toContain('10.244.0.0/16');
  });

  it('is a cause of pods that never start', () => {
    const files = [...scenario('broken-start-l2bridge').bundle()].map(([path, text]) =>
      parseFile(textFileOf(path, text)),
    );
    const opened = assembleCase([{ name: 'n', scope: 'node', files }]);
    const { findings } = analyse(opened, [containerCreating, sandboxFailed, zero]);
    expect(findings.map((f) => [f.ruleId, f.causedBy])).toEqual([
      ['CNI-EXC-ZERO', null],
      ['EV-SANDBOX-FAILED', 0],
      ['EV-CONTAINERCREATING', 0],
    ]);
  });

  it('finds it in the V2 form and for IPv6', () => {
    expect(
      runRule(zero, withText(asV2(bridge), '"10.244.0.0/16"', '"fd00:10::/0"')).findings,
    ).toMatchObject([{ severity: 'error' }]);
  });

  it('warns only when NAT was turned off on purpose, and takes /1 for a prefix', () => {
    expect(
      runRule(zero, withText(bridge, '"10.244.0.0/16"', '"0.0.0.0/0"')).findings,
    ).toMatchObject([{ severity: 'warning' }]);
    expect(runRule(zero, withText(bridge, '"10.244.0.0/16"', '"0.0.0.0/1"')).findings).toEqual([]);
  });
});

describe('the example of the article', () => {
  const conf = `{
    "cniVersion":  "0.2.0",
    "name":  "cbr0",
    "type":  "flannel",
    "delegate":  {
                     "type":  "win-bridge",
                     "dns":  { "Nameservers":  [ "10.96.0.10" ], "Search":  [ "svc.cluster.local" ] },
                     "policies":  [
                                      { "Name":  "EndpointPolicy",
                                        "Value":  { "Type":  "OutBoundNAT",
                                                    "ExceptionList":  [
                                                                          "10.244.0.0/0",
                                                                          "10.96.0.0/12",
                                                                          "10.127.130.0/24"
                                                                      ] } },
                                      { "Name":  "EndpointPolicy",
                                        "Value":  { "Type":  "ROUTE", "DestinationPrefix":  "10.96.0.0/12", "NeedEncap":  true } },
                                      { "Name":  "EndpointPolicy",
                                        "Value":  { "Type":  "ROUTE", "DestinationPrefix":  "10.127.130.38/32", "NeedEncap":  true } }
                                  ]
                 }
}
`;
  const pods = `PS C:\\k\\yaml> kubectl get pods -o wide
NAME                             READY     STATUS              RESTARTS   AGE       IP        NODE
win-webserver-69495c7694-76nxd   0/1       ContainerCreating   0          5s        <none>    win-24elfepi8d9
win-webserver-69495c7694-tjff7   0/1       ContainerCreating   0          6s        <none>    win-24elfepi8d9
`;
  const files = [
    ['cni.conf', conf],
    ['kubectl-get-pods.txt', pods],
  ] as const;

  it('names the line of the /0 as the cause; pods of five seconds are only mentioned under it', () => {
    const parsed = files.map(([path, text]) => parseFile(textFileOf(path, text)));
    const opened = assembleCase([{ name: 'seed', scope: 'node', files: parsed }]);
    expect(analyse(opened, [containerCreating, ...ALL]).findings).toMatchObject([
      {
        ruleId: 'CNI-EXC-ZERO',
        severity: 'error',
        causedBy: null,
        evidence: [{ file: 'cni.conf', line: 12 }],
      },
      { ruleId: 'EV-CONTAINERCREATING', severity: 'info', causedBy: 0 },
    ]);
  });

  it('finds no fault once the prefix is right', () => {
    const repaired = conf.replace('/0"', '/16"');
    for (const rule of ALL)
      expect(runOnFiles(rule, ['cni.conf', repaired], ['pods.txt', pods]).findings).toEqual([]);
  });
});

describe('CNI-EXC-BADCIDR', () => {
  it.each([
    ['10.244.0.0/33', 'prefix length'],
    ['10.244.0.0', 'no prefix length'],
    ['10.244.5.0/16', 'host bits'],
    ['10.244.0.0 /16', 'blank'],
    ['pods/16', 'IP address'],
    ['<your pod cidr>', 'placeholder'],
    ['10.96.0.0/12', 'repeats'],
    ['fd00::/129', 'prefix length'],
  ])('%s: %s', (entry, what) => {
    const broken = withText(bridge, '"10.244.0.0/16"', `"${entry}"`);
    const { findings } = runRule(badCidr, broken);
    expect(findings[0]?.summary).toContain(what);
    expect(cited(broken, findings[0])[0]).toContain(`"${entry}"`);
  });

  it('leaves /0 to the rule for it', () => {
    expect(titles(badCidr, withText(bridge, '"10.244.0.0/16"', '"10.244.0.0/0"'))).toEqual([]);
  });
});

describe('what the exceptions must cover', () => {
  const only = (bundle: BundleTexts, ...list: string[]): BundleTexts =>
    withConf(bundle, (_conf, policies) => {
      for (const p of policies)
        if (p.Value['Type'] === 'OutBoundNAT') p.Value['ExceptionList'] = list;
    });

  it('CNI-EXC-POD names the pod subnets that are not covered', () => {
    const broken = only(bridge, '10.244.19.0/24', '10.96.0.0/12', '10.127.130.0/24');
    const { findings } = runRule(excPod, broken);
    expect(findings[0]?.summary).toContain('10.244.17.0/24');
    expect(cited(broken, findings[0])[0]).toContain('"10.244.19.0/24"');
    expect(titles(excPod, only(bridge, '10.0.0.0/8'))).toEqual([]);
  });

  it('CNI-EXC-POD knows the subnet of the node from HNS alone', () => {
    const bare = without(only(bridge, '10.96.0.0/12'), 'nodes.json', 'net-conf.json');
    expect(titles(excPod, bare)).toHaveLength(1);
    expect(
      runRule(excPod, without(bare, 'network.txt', 'networkdetailed.txt', 'hnsdiag.txt')).check
        .status,
    ).toBe('not-checked');
  });

  it('CNI-EXC-SVC names the services that are not covered', () => {
    const broken = only(overlay, '10.244.0.0/16', '10.96.0.0/16');
    expect(titles(excSvc, broken)).toHaveLength(1);
    expect(runRule(excSvc, without(broken, 'services.json')).check).toMatchObject({
      status: 'not-checked',
    });
  });

  it('CNI-EXC-MGMT warns on l2bridge and does not apply to overlay', () => {
    const broken = only(bridge, '10.244.0.0/16', '10.96.0.0/12');
    const { findings } = runRule(excMgmt, broken);
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.title).toContain('10.127.130.0/24');
    expect(runRule(excMgmt, overlay).check.because).toBe('does-not-apply');
  });
});

describe('policies', () => {
  const drop = (bundle: BundleTexts, gone: (p: Policy) => boolean): BundleTexts =>
    withConf(bundle, (conf, policies) => {
      const left = policies.filter((p) => !gone(p));
      if (conf.delegate.policies) conf.delegate.policies = left;
      else conf.delegate.Policies = left;
    });

  it('CNI-NAT-MISSING fires without OutBoundNAT, and not with ipMasq', () => {
    const broken = drop(overlay, (p) => p.Value['Type'] === 'OutBoundNAT');
    expect(titles(natMissing, broken)).toHaveLength(1);
    expect(
      titles(
        natMissing,
        withConf(broken, (conf) => (conf.delegate.ipMasq = true)),
      ),
    ).toEqual([]);
    expect(
      titles(
        natMissing,
        withConf(broken, (conf) => (conf.delegate.ipMasq = false)),
      ),
    ).toHaveLength(1);
  });

  it('CNI-ROUTE-SVC fires without the route, with another prefix, and without NeedEncap', () => {
    const isService = (p: Policy): boolean => p.Value['DestinationPrefix'] === '10.96.0.0/12';
    const other = withConf(bridge, (_c, policies) => {
      for (const p of policies) if (isService(p)) p.Value['DestinationPrefix'] = '10.0.0.0/16';
    });
    const bare = withConf(bridge, (_c, policies) => {
      for (const p of policies) if (isService(p)) p.Value['NeedEncap'] = false;
    });
    expect(titles(routeSvc, drop(bridge, isService))).toHaveLength(1);
    expect(cited(other, runRule(routeSvc, other).findings[0])[0]).toContain('10.0.0.0/16');
    expect(titles(routeSvc, bare)[0]).toContain('NeedEncap');
  });

  it('CNI-ROUTE-SVC does not apply with DSR, and waits for it where it is not known', () => {
    const isRoute = (p: Policy): boolean => p.Value['DestinationPrefix'] === '10.96.0.0/12';
    expect(
      runRule(routeSvc, drop(syntheticNode({ mode: 'l2bridge', dsr: true }), isRoute)).check
        .because,
    ).toBe('does-not-apply');
    const blind = without(drop(bridge, isRoute), 'kubeproxy.log', 'policy.txt', 'hnsdiag.txt');
    expect(runRule(routeSvc, blind).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });

  it('CNI-ROUTE-HOST knows a configuration that was copied from another node', () => {
    const broken = edit(bridge, CONF, (t) => t.replace('10.127.130.38/32', '10.127.130.36/32'));
    const { findings } = runRule(routeHost, broken);
    expect(findings[0]?.summary).toContain('win-9p1xz4ct8rb');
    expect(
      titles(
        routeHost,
        drop(bridge, (p) => String(p.Value['DestinationPrefix']).endsWith('/32')),
      )[0],
    ).toContain('no route');
    expect(
      titles(routeHost, withText(asV2(bridge), '10.127.130.38/32', '10.127.130.36/32')),
    ).toHaveLength(1);
  });

  it('CNI-EXC-SCHEMA fires for either mix-up', () => {
    const flatInV2 = withText(bridge, '"win-bridge"', '"sdnbridge"');
    const v2InFlat = withText(asV2(bridge), '"sdnbridge"', '"win-bridge"');
    expect(titles(schema, flatInV2)).toHaveLength(1);
    expect(titles(schema, v2InFlat)).toHaveLength(1);
    expect(
      titles(
        schema,
        withConf(v2InFlat, (conf) => (conf.delegate.apiVersion = 2)),
      ),
    ).toEqual([]);
  });

  it('CNI-EXC-SCHEMA leaves azure-vnet alone unless HNS refused a policy', () => {
    const azure = `{"cniVersion":"0.3.0","name":"azure","plugins":[{"type":"azure-vnet","AdditionalArgs":[\n{"Name":"EndpointPolicy","Value":{"Type":"OutBoundNAT","ExceptionList":["10.240.0.0/16"]}}]}]}`;
    expect(runOnFiles(schema, ['10-azure.conflist', azure]).findings).toEqual([]);
    const events =
      'LAST SEEN   TYPE      REASON                   OBJECT     MESSAGE\n10s         Warning   FailedCreatePodSandBox   pod/x      hnsCall failed (0x803b000d)\n';
    expect(
      runOnFiles(schema, ['10-azure.conflist', azure], ['events.txt', events]).findings,
    ).toHaveLength(1);
  });
});

describe('DNS', () => {
  it('CNI-DNS-SERVER compares with the service, or with the kubelet', () => {
    const broken = withText(bridge, '"10.96.0.10"', '"10.0.0.10"');
    const { findings } = runRule(dnsServer, broken);
    expect(findings[0]?.title).toContain('10.0.0.10');
    expect(cited(broken, findings[0])[0]).toBe('"10.0.0.10"');
    expect(runRule(dnsServer, without(broken, 'services.json')).findings).toHaveLength(1);
    expect(runRule(dnsServer, without(broken, 'services.json', 'kubelet.log')).check.status).toBe(
      'not-checked',
    );
  });

  it('CNI-DNS-SERVER takes a node-local cache and the dns capability for right', () => {
    expect(titles(dnsServer, withText(bridge, '"10.96.0.10"', '"169.254.20.10"'))).toEqual([]);
    const capable = withConf(
      withText(bridge, '"10.96.0.10"', '"10.0.0.10"'),
      (conf) => (conf.capabilities = { dns: true }),
    );
    expect(titles(dnsServer, capable)).toEqual([]);
  });

  it('CNI-DNS-SERVER fires when no server is given', () => {
    expect(
      titles(
        dnsServer,
        withConf(bridge, (conf) => delete conf.delegate.dns.Nameservers),
      )[0],
    ).toContain('no DNS server');
  });

  it('CNI-DNS-SUFFIX knows the cluster domain from the kubelet', () => {
    expect(
      runRule(dnsSuffix, withText(bridge, '"svc.cluster.local"', '"svc.cluster.locl"')).findings,
    ).toMatchObject([{ severity: 'warning' }]);
    expect(
      titles(
        dnsSuffix,
        withText(bridge, '"svc.cluster.local"', '"default.svc.cluster.local", "svc.cluster.local"'),
      ),
    ).toEqual([]);
    const custom = edit(
      withText(bridge, '"svc.cluster.local"', '"svc.corp.example"'),
      'kubelet.log',
      (t) => t.replace('--cluster-domain="cluster.local"', '--cluster-domain="corp.example"'),
    );
    expect(titles(dnsSuffix, custom)).toEqual([]);
    expect(
      runRule(
        dnsSuffix,
        without(withText(bridge, '"svc.cluster.local"', '"svc.corp.example"'), 'kubelet.log'),
      ).check.status,
    ).toBe('not-checked');
  });
});

describe('CNI-JSON', () => {
  it.each([
    ['a missing comma', (t: string) => t.replace('"cbr0",', '"cbr0"')],
    ['a comment', (t: string) => `# edited\n${t}`],
    ['a no-break space', (t: string) => t.replace('\n ', '\n\u00a0')],
    ['a brace that is missing inside', (t: string) => t.replace(/\}\n\}\n?$/, '\n}\n')],
    ['a missing brace at the start', (t: string) => t.replace('{', '')],
    ['text behind the end', (t: string) => `${t}}\n`],
  ])('finds %s with its line', (_what, change) => {
    const { findings } = runRule(json, edit(bridge, CONF, change));
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(findings[0]?.title).toMatch(/line \d+/);
    expect(findings[0]?.evidence[0]?.file).toBe(CONF);
  });

  it('is no error in a file that comes after another one in its folder: the runtime does not read it', () => {
    const broken = bridge.get(CONF)?.replace('"cbr0",', '"cbr0"') ?? '';
    const after = new Map([...bridge, ['cni/config/old.conf', broken]]);
    const { findings } = runRule(json, after);
    expect(findings).toMatchObject([
      { severity: 'warning', summary: expect.stringContaining('uses cni.conf') as string },
    ]);
    expect(findings[0]?.title).not.toMatch(/no pod/i);
    const before = new Map([...bridge, ['cni/config/00-old.conf', broken]]);
    expect(runRule(json, before).findings).toMatchObject([{ severity: 'error' }]);
    const elsewhere = new Map([...bridge, ['etc/cni/net.d/old.conf', broken]]);
    expect(runRule(json, elsewhere).findings).toMatchObject([{ severity: 'error' }]);
  });

  it('tells once what stands on many lines', () => {
    const { findings } = runRule(
      json,
      edit(bridge, CONF, (t) => t.replaceAll('\n ', '\n\u00a0')),
    );
    expect(findings[0]?.summary).toMatch(/^line 2, .*\(and in \d+ more places up to line \d+\)\.$/);
  });

  it('says of a text without its end that the copy or the file on the node was cut', () => {
    const { findings } = runRule(
      json,
      edit(bridge, CONF, (t) => t.slice(0, -20)),
    );
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.title).toMatch(/ends before its JSON is complete \(line \d+\)/);
    expect(findings[0]?.cause).toMatch(
      /copy in the bundle was cut.*the file on the node ends here/,
    );
  });

  it('finds required keys that are missing', () => {
    expect(
      titles(
        json,
        withConf(bridge, (conf) => delete conf.name),
      )[0],
    ).toContain('"name"');
    expect(
      titles(
        json,
        withConf(bridge, (conf) => delete conf.type),
      )[0],
    ).toContain('"type"');
  });

  it('leaves the other rules unchecked where nothing could be read', () => {
    const broken = edit(bridge, CONF, (t) => t.replace('{', ''));
    expect(runRule(natMissing, broken).check.status).toBe('not-checked');
  });
});

describe('CNI-NAME-HNS', () => {
  it('fires for a name that HNS does not have; letter case does not count', () => {
    const broken = withText(bridge, '"cbr0"', '"l2bridge"');
    const { findings } = runRule(nameHns, broken);
    const lines = cited(broken, findings[0]);
    expect(lines[0]).toContain('"l2bridge"');
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^"Name": .*"nat"/),
      expect.stringMatching(/^"Name": .*"External"/),
      expect.stringMatching(/^"Name": .*"cbr0"/),
    ]);
    expect(titles(nameHns, withText(bridge, '"cbr0"', '"CBR0"'))).toEqual([]);
    expect(
      runRule(nameHns, without(broken, 'network.txt', 'networkdetailed.txt', 'hnsdiag.txt')).check
        .status,
    ).toBe('not-checked');
  });
});

describe('CNI-CONF-MISSING', () => {
  const bare = without(bridge, CONF);
  const notReady = (bundle: BundleTexts): BundleTexts =>
    edit(bundle, 'nodes.json', (text) => {
      const list = JSON.parse(text) as {
        items: {
          metadata: { name: string };
          status: { conditions: { type: string; status: string; message: string }[] };
        }[];
      };
      for (const node of list.items.filter((n) => n.metadata.name === 'win-24elfepi8d9')) {
        for (const c of node.status.conditions)
          if (c.type === 'Ready')
            Object.assign(c, { status: 'False', message: 'cni plugin not initialized' });
      }
      return JSON.stringify(list, undefined, 2);
    });

  it('does not take a file that was not collected for missing', () => {
    expect(runRule(confMissing, bare).check.status).toBe('passed');
    expect(runRule(confMissing, without(bare, 'nodes.json')).check).toMatchObject({
      status: 'not-checked',
    });
  });

  it('fires when the node object or the end of the kubelet log says so', () => {
    expect(runRule(confMissing, notReady(bare)).findings).toHaveLength(1);
    const line =
      'E0514 09:19:50.000000    4708 kubelet.go:1] "Container runtime network not ready" err="cni config uninitialized"\n';
    const logged = edit(without(bare, 'nodes.json'), 'kubelet.log', (t) => t + line);
    expect(cited(logged, runRule(confMissing, logged).findings[0])[0]).toContain('uninitialized');
    const early = edit(without(bare, 'nodes.json'), 'kubelet.log', (t) =>
      t.replace(/\n(?=I.*Kubelet version)/, `\n${line.replace('09:19:50', '08:05:00')}`),
    );
    expect(runRule(confMissing, early).findings).toEqual([]);
  });
});

describe('CNI-FL-BACKEND', () => {
  const NET = 'net-conf.json';
  it.each([
    ['another VNI than HNS', (t: string) => t.replace('4096', '4097'), '4097'],
    ['a VNI that Windows does not take', (t: string) => t.replace('4096', '1'), '4096 or above'],
    ['the port of Linux', (t: string) => t.replace('4789', '8472'), '4789'],
    ['another backend', (t: string) => t.replace('"vxlan"', '"host-gw"'), 'host-gw'],
    [
      'another pod network',
      (t: string) => t.replace('10.244.0.0/16', '10.42.0.0/16'),
      '10.42.0.0/16',
    ],
  ])('finds %s', (_what, change, said) => {
    const { findings } = runRule(backend, edit(overlay, NET, change));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.summary).toContain(said);
  });

  it('lets a Windows file leave out VNI and port, and not the config map', () => {
    const bare = '{ "Network": "10.244.0.0/16", "Backend": { "Type": "vxlan" } }';
    expect(
      runRule(
        backend,
        edit(overlay, NET, () => bare),
      ).findings,
    ).toEqual([]);
    const map = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-flannel-cfg' },
        data: { 'net-conf.json': bare },
      },
      undefined,
      2,
    );
    const { findings } = runRule(
      backend,
      new Map([...without(overlay, NET), ['flannel-cfg.json', map]]),
    );
    expect(findings[0]?.summary).toContain('8472');
  });

  it('compares two files, and is not checked without any', () => {
    const two = new Map([
      ...bridge,
      [
        'linux/net-conf.json',
        '{ "Network": "10.244.0.0/16", "Backend": { "Type": "vxlan", "VNI": 4096, "Port": 4789 } }',
      ],
    ]);
    expect(titles(backend, two)).toHaveLength(1);
    expect(runRule(backend, without(overlay, NET)).check.status).toBe('not-checked');
  });
});

describe('CNI-SRCVIP-STALE', () => {
  it('fires for an address of an earlier pod subnet', () => {
    const broken = syntheticNode({ mode: 'overlay', sourceVip: '10.244.9.10' });
    const { findings } = runRule(sourceVip, broken);
    expect(findings).toMatchObject([{ severity: 'error' }]);
    expect(cited(broken, findings[0])[0]).toContain('10.244.9.10');
  });

  it('is not checked without the file or the subnet', () => {
    expect(runRule(sourceVip, without(overlay, 'sourceVip.json')).check.status).toBe('not-checked');
    expect(runRule(sourceVip, overlay).check.status).toBe('passed');
    expect(runRule(sourceVip, bridge).check.because).toBe('does-not-apply');
  });

  it('warns of a file older than the node', () => {
    const files = [...overlay].map(
      ([path, text]) =>
        [
          path,
          text,
          path === 'sourceVip.json' ? Date.UTC(2023, 0, 1) : Date.UTC(2024, 4, 14, 9, 20),
        ] as const,
    );
    expect(runOnFiles(sourceVip, ...files).findings).toMatchObject([{ severity: 'warning' }]);
  });
});
