import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { bundleOf, edit, type BundleTexts } from '../synthetic/synthetic-node';
import { reachability } from './reachability';
import { endsOf, rulesOf, textAt, traceOf, wayOf } from './testing/nodes';

interface EndpointJson {
  IPAddress: string;
  Policies: Record<string, unknown>[];
}

const plan = planNode({ mode: 'l2bridge' });
const from = plan.pods[2]?.ip ?? '';
const web = plan.pods[0]?.ip ?? '';

/** The node with other policies of HNS on the endpoint of one pod; VFP stays as it is. */
function withPolicies(
  ip: string,
  change: (policies: Record<string, unknown>[]) => Record<string, unknown>[],
  bundle: BundleTexts = bundleOf(plan),
): ReturnType<typeof caseOf> {
  return caseOf(
    edit(bundle, 'endpoint.txt', (text) => {
      // A table stands before the JSON.
      const at = text.search(/^\[/m);
      const all = JSON.parse(text.slice(at)) as EndpointJson[];
      for (const endpoint of all)
        if (endpoint.IPAddress === ip) endpoint.Policies = change(endpoint.Policies);
      return text.slice(0, at) + JSON.stringify(all, null, 4);
    }),
  );
}

const acl = (more: Record<string, unknown>): Record<string, unknown> => ({
  Type: 'ACL',
  Action: 'Block',
  Direction: 'Out',
  Priority: 200,
  ...more,
});

const remarksOf = (opened: ReturnType<typeof caseOf>, to: string): readonly string[] =>
  wayOf(traceOf({ from, to }, opened)).flatMap(({ remarks }) => remarks);

/** Without the port's rules of that layer, which then passes everything. */
const withoutAclRules = edit(bundleOf(plan), 'vfpOutput.txt', (text) =>
  text
    .split(/(?=^ {4}RULE :|^ {2}GROUP :|^ {2}LAYER :|^Command )/m)
    .filter((part) => !/ACL_Allow_OUT/.test(part))
    .join(''),
);

describe('ACL policies of HNS against VFP', () => {
  it('a block that VFP allows is remarked, with the lines of the policy', () => {
    const opened = withPolicies(from, (p) => [...p, acl({ RemoteAddresses: '10.244.0.0/16' })]);
    const trace = traceOf({ from, to: `${web}:80` }, opened);
    expect(endsOf(trace)).toEqual(['delivered']);
    const step = rulesOf(wayOf(trace)).find(({ remarks }) => remarks.length > 0);
    expect(step?.remarks).toEqual([
      'HNS says otherwise: an ACL policy of priority 200 blocks this packet.',
    ]);
    const where = step?.evidence.at(-1);
    expect(where && textAt(opened, where)).toContain('"RemoteAddresses": "10.244.0.0/16"');
    // Another destination is not blocked.
    expect(remarksOf(opened, '8.8.8.8:443')).toEqual([]);
  });

  it.each([
    [{ RemotePorts: '80', Protocols: '6' }, true],
    [{ RemotePorts: '443', Protocols: '6' }, false],
    [{ Protocols: '17' }, false],
    [{ LocalAddresses: `${from}/32` }, true],
    [{ Direction: 'In' }, false],
    [{ RemoteAddresses: 'the moon' }, false],
    // A source port that is not known leaves open whether it blocks.
    [{ LocalPorts: '50000' }, false],
  ])('%j blocks TCP 80: %s', (more, blocks) => {
    const opened = withPolicies(from, (p) => [...p, acl(more)]);
    expect(remarksOf(opened, `${web}:80`).length > 0).toBe(blocks);
  });

  it('the policy of the smallest priority counts', () => {
    const opened = withPolicies(from, (p) => [
      ...p,
      acl({ Priority: 300 }),
      acl({ Action: 'Allow', Priority: 100 }),
    ]);
    expect(remarksOf(opened, `${web}:80`)).toEqual([]);
  });

  it('what comes in is held against the policies of the receiver', () => {
    const opened = withPolicies(web, (p) => [...p, acl({ Direction: 'In', LocalPorts: '80' })]);
    expect(remarksOf(opened, `${web}:80`)).toHaveLength(1);
    expect(remarksOf(opened, `${web}:81`)).toEqual([]);
  });

  it('a block of which the port has no rule: what happens is not known, and not guessed', () => {
    const block = [acl({ RemoteAddresses: '10.244.0.0/16' })];
    const opened = withPolicies(from, (p) => [...p, ...block], withoutAclRules);
    const [end] = traceOf({ from, to: `${web}:80` }, opened).branches;
    expect(end?.disposition.kind).toBe('insufficient-information');
    expect(end?.disposition.text).toContain('has no rule of it');
    expect(end?.disposition.missing[0]?.command).toContain('/list-rule');
    // Packets that no policy blocks go on as before, and the matrix says the same.
    expect(endsOf(traceOf({ from, to: '8.8.8.8:443' }, opened))).toEqual(['delivered-after-nat']);
    const walk = reachability(opened);
    let turn = walk.next();
    while (turn.done !== true) turn = walk.next();
    const { rows, columns, cells } = turn.value;
    const r = rows.findIndex(({ addresses }) => addresses.includes(from));
    const c = columns.findIndex(({ ip, kind }) => ip === web && kind === 'pod');
    expect(cells[r]?.[c]?.kind).toBe('insufficient-information');
  });
});

describe('exceptions of OutBoundNAT against VFP', () => {
  const nat = (exceptions: readonly string[]) => (policies: Record<string, unknown>[]) =>
    policies.map((policy) =>
      policy['Type'] === 'OutBoundNAT' ? { ...policy, ExceptionList: exceptions } : policy,
    );

  it('one that VFP does not have is remarked where it translates', () => {
    const opened = withPolicies(from, nat(['8.8.8.0/24']));
    expect(remarksOf(opened, '8.8.8.8:443')).toEqual([
      'HNS says otherwise: the exception 8.8.8.0/24 of its OutBoundNAT policy leaves this packet alone.',
    ]);
  });

  it('one that only VFP has is remarked where it spares', () => {
    const opened = withPolicies(from, nat(['10.96.0.0/12']));
    expect(remarksOf(opened, `${web}:80`)).toEqual([
      expect.stringContaining('no exception of the endpoint'),
    ]);
  });

  it('a healthy node has nothing to remark', () => {
    const opened = caseOf(bundleOf(plan));
    for (const to of ['8.8.8.8:443', `${web}:80`, 'win-webserver'])
      expect(remarksOf(opened, to)).toEqual([]);
  });
});

describe('tunnels of HNS against VFP', () => {
  const overlay = planNode({ mode: 'overlay' });
  const peer = overlay.peers.find(({ os }) => os === 'windows');
  const pod = overlay.remotePods.find(({ node }) => node === peer?.name);
  const ask = { from: overlay.pods[0]?.ip ?? '', to: `${pod?.ip ?? ''}:80` };

  it('another provider in HNS is remarked', () => {
    const provider = new RegExp(`("ProviderAddress":\\s*")${peer?.ip ?? ''}"`, 'g');
    const opened = caseOf(
      new Map(
        [...bundleOf(overlay)].map(([path, text]) => [
          path,
          /^(?:network|hnsdiag)/.test(path) ? text.replace(provider, '$110.9.9.9"') : text,
        ]),
      ),
    );
    const remarks = wayOf(traceOf(ask, opened)).flatMap((step) => step.remarks);
    expect(remarks).toEqual([expect.stringContaining('leads to 10.9.9.9')]);
  });

  it('an SDNRoute of the endpoint that leads elsewhere is remarked, one that leads there is not', () => {
    const v1 = planNode({ mode: 'overlay', schema: 1 });
    const prefix = peer?.podCidr ?? '';
    const routed = (hop: string, needEncap = true): readonly string[] => {
      const route = {
        Type: 'ROUTE',
        DestinationPrefix: prefix,
        NextHop: hop,
        NeedEncap: needEncap,
      };
      const opened = withPolicies(ask.from, (p) => [...p, route], bundleOf(v1));
      const steps = wayOf(traceOf(ask, opened)).filter(({ remarks }) => remarks.length > 0);
      for (const { evidence } of steps) {
        const where = evidence.at(-1);
        expect(where && textAt(opened, where)).toContain(`"NextHop": "${hop}"`);
      }
      return steps.flatMap(({ remarks }) => remarks);
    };
    expect(routed('10.9.9.9')).toEqual([
      `HNS says otherwise: its SDNRoute for ${prefix} leads to 10.9.9.9.`,
    ]);
    expect(routed(peer?.ip ?? '')).toEqual([]);
    expect(routed('10.9.9.9', false)).toEqual([]);
  });

  it('a route that only HNS has is named where the packet ends', () => {
    const opened = caseOf(
      edit(bundleOf(overlay), 'vfpOutput.txt', (text) =>
        text
          .split(/(?=^ {4}RULE :|^ {2}GROUP :|^ {2}LAYER :|^Command )/m)
          .filter(
            (part) => !(/REMOTESUBNETROUTE/.test(part) && part.includes(`_${peer?.ip ?? ''}_`)),
          )
          .join(''),
      ),
    );
    const [end] = traceOf(ask, opened).branches;
    expect(end?.disposition.kind).toBe('no-route');
    expect(end?.disposition.text).toContain('HNS has a RemoteSubnetRoute for');
    const [where] = end?.disposition.evidence ?? [];
    expect(where && textAt(opened, where)).toContain('RemoteSubnetRoute');
  });
});
