import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { bundleOf, edit } from '../synthetic/synthetic-node';
import { switchQuestions } from './ask-switch';
import { compareWithSwitch } from './switch-answer';
import { rulesOf, traceOf, wayOf, withPorts } from './testing/nodes';
import type { Case } from '../snapshot/node-snapshot';
import type { FlowQuestion } from './flow';

const plan = planNode({ mode: 'l2bridge' });
const opened = caseOf(bundleOf(plan));
const client = plan.pods[2];
const from = client?.ip ?? '';

function asked(question: FlowQuestion, node: Case = opened) {
  const trace = traceOf(question, node);
  const { questions, notAsked } = switchQuestions(trace, node);
  const [first] = questions;
  return { trace, questions, notAsked, first };
}

describe('what is asked of the switch', () => {
  it("the pod's port, then the port that the packet leaves by", () => {
    const { questions } = asked({ from, to: '8.8.8.8:443', sourcePort: 50000 });
    const port = client?.portGuid.toUpperCase() ?? '';
    expect(questions[0]?.command).toBe(
      `vfpctrl.exe /port ${port} /process-tuples "6 ${from} 50000 8.8.8.8 443 out 1"`,
    );
    expect(questions[0]?.argv.at(-1)).toBe(`6 ${from} 50000 8.8.8.8 443 out 1`);
    expect(questions[0]?.chosen).toEqual([]);
    // Behind the translation with the node's address, in the direction of the external port.
    expect(questions[1]?.argv.at(-1)).toMatch(/^6 10\.127\.130\.38 \d+ 8\.8\.8\.8 443 in 1$/);
  });

  it('what the trace leaves open is chosen and said', () => {
    const { first } = asked({ from, to: '8.8.8.8:443' });
    expect(first?.argv.at(-1)).toBe(`6 ${from} 49152 8.8.8.8 443 out 1`);
    expect(first?.chosen).toEqual(['source port 49152, as the trace has none']);
    const ping = asked({ from, to: '8.8.8.8' });
    expect(ping.first?.argv.at(-1)).toBe(`1 ${from} 0 8.8.8.8 0 out 0`);
  });

  it('a frame in a tunnel is not asked about, and why', () => {
    const overlay = planNode({ mode: 'overlay' });
    const { questions, notAsked } = asked(
      { from: overlay.pods[0]?.ip ?? '', to: `${overlay.remotePods[0]?.ip ?? ''}:80` },
      caseOf(bundleOf(overlay)),
    );
    expect(questions).toHaveLength(1);
    expect(notAsked).toEqual([expect.stringContaining('is in a tunnel')]);
  });

  it('nothing but addresses, numbers and GUIDs of a hostile bundle reaches the command', () => {
    const hostile = '"; Remove-Item -Recurse C:\\ #';
    const node = caseOf(
      edit(bundleOf(plan), 'vfpOutput.txt', (text) =>
        text
          .replaceAll('SNAT_TCP', `SNAT"$(calc)`)
          .replaceAll(plan.pods[0]?.portGuid.toUpperCase() ?? '-', hostile),
      ),
    );
    for (const to of ['8.8.8.8:443', 'win-webserver', `${plan.pods[0]?.ip ?? ''}:80`]) {
      const { questions } = asked({ from, to }, node);
      for (const { command, argv } of questions) {
        expect(command).toMatch(
          /^vfpctrl\.exe \/port [0-9A-F-]{36} \/process-tuples "\d+ [0-9a-f.:]+ \d+ [0-9a-f.:]+ \d+ (?:in|out) [01]"$/,
        );
        expect(argv).toHaveLength(5);
      }
    }
  });
});

describe('what the switch answers', () => {
  const { trace, first } = asked({ from, to: '8.8.8.8:443' });
  const compare = (output: string) => {
    if (first === undefined) throw new Error('nothing is asked');
    return compareWithSwitch(first, output, trace, opened);
  };
  const [acl, snat] = rulesOf(wayOf(trace)).map(({ rule }) => rule.name);
  const other = 'SNAT_UDP_OUTBOUNDNAT';
  const udp = opened.nodes[0]?.snapshots[0]?.vfp[0];

  it('the same rules: it agrees', () => {
    expect(
      compare(`Layer ACL_ENDPOINT_LAYER\n  Rule: ${acl ?? ''}\n  Rule: ${snat ?? ''}\n`),
    ).toMatchObject({
      kind: 'agrees',
      rules: [acl, snat],
    });
  });

  it('fewer rules named than met: it agrees, and says how many were not named', () => {
    const result = compare(`matched ${snat ?? ''}, transposition applied`);
    expect(result.kind).toBe('agrees');
    expect(result.text).toContain('1 more rules of the trace are not named');
  });

  it('another rule: the first difference, with the line', () => {
    const names = new Set(
      udp?.rulesOfPort(first?.visit.index ?? -1).map((i) => udp.body(udp.bodyIdOf(i)).name),
    );
    const theirs = [...names].find((name) => name.startsWith(other)) ?? '';
    expect(compare(`Rule: ${acl ?? ''}\nRule: ${theirs}\n`)).toMatchObject({
      kind: 'differs',
      ours: snat,
      theirs,
      at: { line: 2 },
    });
  });

  it('a drop that the trace does not have', () => {
    expect(compare(`Rule: ${acl ?? ''}\nPacket dropped`)).toMatchObject({
      kind: 'differs',
      ours: 'passes',
      theirs: 'Packet dropped',
    });
    expect(compare(`Rule: ${acl ?? ''}\nDropped packets : 0`).kind).toBe('agrees');
  });

  it('nothing that is known, or an error: nothing is compared', () => {
    expect(compare('something else entirely').kind).toBe('not-compared');
    expect(compare('ERROR: failed to find the port').text).toContain('failed to find the port');
    expect(compare('').kind).toBe('not-compared');
  });

  it('a drop of both', () => {
    const { opened: blocked, plan: changed } = withPorts((port, { pods }) =>
      port.name === pods[0]?.portGuid
        ? {
            ...port,
            layers: port.layers.map((layer) =>
              layer.name === 'ACL_ENDPOINT_LAYER'
                ? {
                    ...layer,
                    groups: layer.groups.map((group) => ({
                      ...group,
                      rules: group.rules.map((rule) => ({
                        ...rule,
                        friendlyName: 'ACL_Block',
                        type: 'block',
                      })),
                    })),
                  }
                : layer,
            ),
          }
        : port,
    );
    const one = asked({ from: changed.pods[0]?.ip ?? '', to: '8.8.8.8:443' }, blocked);
    if (one.first === undefined) throw new Error('nothing is asked');
    const said = (output: string) =>
      one.first && compareWithSwitch(one.first, output, one.trace, blocked);
    expect(said('ACL_Block: packet blocked')).toMatchObject({ kind: 'agrees' });
    expect(said('rule ACL_Block')).toMatchObject({ kind: 'differs', theirs: 'passes' });
  });
});
