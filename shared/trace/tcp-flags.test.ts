import { describe, expect, it } from 'vitest';
import { endsOf, namesOf, rule, traceOf, wayOf, withLayer } from './testing/nodes';
import type { TcpFlag } from './packet';

const ask = (tcpFlags?: readonly TcpFlag[]) => ({
  from: '10.244.19.29',
  to: '10.244.19.30:80',
  ...(tcpFlags === undefined ? {} : { tcpFlags }),
});

/** A filter whose block rule has these flags. */
const blocking = (flags: string) =>
  withLayer({
    name: 'TEST_LAYER',
    priority: 1,
    groups: [
      {
        name: 'TEST_GROUP_OUT',
        priority: 100,
        direction: 'OUT',
        matchType: 'Priority-based match',
        rules: [
          rule('block-some', 'block', { flags }),
          rule('allow-rest', 'allow', { priority: 900 }),
        ],
      },
    ],
  }).opened;

describe('TCP flags', () => {
  it('a rule for SYN only lets the rest of a connection pass, and says why', () => {
    const opened = blocking('0x11 terminating');
    expect(endsOf(traceOf(ask(), opened))).toEqual(['dropped-by-rule']);
    expect(endsOf(traceOf(ask(['ACK']), opened))).toEqual(['delivered']);
    expect(endsOf(traceOf(ask(['SYN', 'ACK']), opened))).toEqual(['delivered']);
    const [step] = wayOf(traceOf(ask(['ACK']), opened)).filter(
      (each) => each.kind === 'rule' && each.layer === 'TEST_LAYER',
    );
    expect(step?.kind === 'rule' && step.rule.name).toBe('allow-rest');
  });

  it('a rule for all but SYN does not stop a connection from beginning', () => {
    const opened = blocking('5 terminating');
    expect(endsOf(traceOf(ask(['ACK']), opened))).toEqual(['dropped-by-rule']);
    const first = traceOf(ask(), opened);
    expect(namesOf(wayOf(first))).toContain('TEST_LAYER allow-rest');
    // The answer's SYN ACK meets the port of the other pod, which has no such rule.
    expect(endsOf(first)).toEqual(['delivered']);
  });

  it('a packet that is no SYN is of a flow that is there already, and the trace says so', () => {
    const opened = blocking('0');
    const ids = (flags?: readonly TcpFlag[]) =>
      traceOf(ask(flags), opened).assumptions.map(({ id }) => id);
    expect(ids()).toContain('new-flow');
    expect(ids(['ACK'])).toContain('established-flow');
    expect(ids(['ACK'])).not.toContain('new-flow');
    expect(ids(['SYN', 'ACK'])).toContain('established-flow');
  });
});
