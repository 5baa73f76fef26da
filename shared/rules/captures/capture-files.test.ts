import { describe, expect, it } from 'vitest';
import { pcapngSection } from '../../synthetic/capture-file';
import { planNode } from '../../synthetic/node-plan';
import { nodeCapture } from '../../synthetic/node-capture';
import { bundleOf } from '../../synthetic/synthetic-node';
import { rule as noPackets } from './cap-no-packets';
import { rule as truncated } from './cap-trunc';
import { rule as wrapped } from './cap-wrap';
import { changePackets } from './testing/change-packets';
import { captureCase, runOnCase, type CaptureFiles } from './testing/capture-case';

const plan = planNode({ mode: 'overlay' });
const bundle = bundleOf(plan);
const whole = nodeCapture(plan);
const at = (captures: CaptureFiles) => captureCase([bundle, captures]);

/** The capture with only so many bytes of each packet. */
const shortened = (most: number) => changePackets(whole, ({ bytes }) => bytes.subarray(0, most));
/** The capture as the network card alone sees it. */
const outside = changePackets(whole, ({ interface: at, bytes }) => (at === 1 ? bytes : undefined));

describe('CAP-NO-PACKETS', () => {
  it('fires for a capture without packets', () => {
    const { findings } = runOnCase(noPackets, at({ 'empty.pcapng': pcapngSection([]) }));
    expect(findings).toMatchObject([
      { severity: 'warning', title: 'The capture empty.pcapng holds no packet' },
    ]);
    expect(findings[0]?.evidence[0]?.file).toBe('empty.pcapng');
  });

  it('tells that a capture was made outside of the pods', () => {
    const { findings } = runOnCase(noPackets, at({ 'nic.pcapng': outside }));
    expect(findings).toMatchObject([
      { severity: 'info', title: 'The capture nic.pcapng was made at the network card only' },
    ]);
  });

  it('is quiet for a capture of all places, and for a damaged one beside it', () => {
    const both = at({ 'a.pcapng': whole, 'b.pcapng': whole.subarray(0, 40_000) });
    expect(runOnCase(noPackets, both).check.status).toBe('passed');
  });

  it('is not checked without a capture, or with an unread or damaged one', () => {
    expect(runOnCase(noPackets, at({})).check.status).toBe('not-checked');
    expect(runOnCase(noPackets, at({ 'a.etl': 64 })).check.status).toBe('not-checked');
    const cut = at({ 'cut.pcapng': whole.subarray(0, 21) });
    expect(runOnCase(noPackets, cut).check.status).toBe('not-checked');
  });
});

describe('CAP-TRUNC', () => {
  it('tells that inner headers are cut', () => {
    const { findings } = runOnCase(truncated, at({ 'short.pcapng': shortened(60) }));
    expect(findings).toMatchObject([{ severity: 'info' }]);
    expect(findings[0]?.summary).toContain('at most 60 bytes');
  });

  it('is quiet for whole packets, and for cut ones that keep the headers', () => {
    expect(runOnCase(truncated, at({ 'a.pcapng': whole })).check.status).toBe('passed');
    expect(runOnCase(truncated, at({ 'a.pcapng': shortened(128) })).check.status).toBe('passed');
  });

  it('is not checked without a capture', () => {
    expect(runOnCase(truncated, at({})).check.status).toBe('not-checked');
  });
});

describe('CAP-WRAP', () => {
  const trace = (megabytes: number): number => megabytes * 1024 * 1024;

  it('fires for a trace of the size of its limit, and says from when the rest is', () => {
    const { findings } = runOnCase(
      wrapped,
      at({ 'server.etl': trace(250), 'server.pcapng': whole }),
    );
    expect(findings).toMatchObject([{ severity: 'warning' }]);
    expect(findings[0]?.summary).toMatch(/250 MB.*first packet that is left is of 20\d\d-/);
  });

  it('is quiet for a smaller trace and for parts of one', () => {
    expect(runOnCase(wrapped, at({ 'server.etl': trace(9) })).check.status).toBe('passed');
    const parts = at({ 'PktMon1.etl': trace(250), 'PktMon2.etl': trace(3) });
    expect(runOnCase(wrapped, parts).check.status).toBe('passed');
  });

  it('is not checked by a converted capture alone', () => {
    expect(runOnCase(wrapped, at({ 'a.pcapng': whole })).check.status).toBe('not-checked');
    expect(runOnCase(wrapped, at({})).check.status).toBe('not-checked');
  });
});
