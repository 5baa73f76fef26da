import { expect, it } from 'vitest';
import { analyse } from '../../rules/engine';
import { rule as state } from '../../rules/captures/flow-no-state';
import { rule as internet } from '../../rules/captures/flow-pod-net';
import { rule as service } from '../../rules/captures/flow-pod-svc';
import { rule as unexplained } from '../../rules/captures/flow-unexplained';
import { observedPaths, targetText } from '../../rules/captures/observed-paths';
import { captureCase } from '../../rules/captures/testing/capture-case';
import { changePackets } from '../../rules/captures/testing/change-packets';
import { podNameOf } from '../../rules/pod-endpoints';
import { onlySnapshot } from '../../synthetic/case-of';
import * as p from '../../synthetic/packets';
import { scenario } from '../../synthetic/scenarios';
import { edit, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { explainRewrites } from './explain-rewrites';

/*
 * What the window says of captured packets and what the findings say is one judgement. Nodes and
 * captures that do not belong together make every kind of disagreement between rules and packets.
 */

const bundleOf = (id: string): BundleTexts => scenario(id).bundle();
const captureOf = (id: string): Uint8Array => scenario(id).capture?.() ?? new Uint8Array(0);
const swapped = (id: string, from: string, to: string): BundleTexts =>
  edit(bundleOf(id), 'vfpOutput.txt', (text) => text.replaceAll(from, to));

/** Answers of the captured packets go missing. */
const unanswered = (capture: Uint8Array): Uint8Array =>
  changePackets(capture, ({ bytes }) => {
    const [source, destination] = [bytes.slice(26, 29), bytes.slice(30, 33)];
    const pods = p.ipBytes('10.244.19.0').slice(0, 3);
    return pods.every((byte, n) => destination[n] === byte) &&
      pods.some((byte, n) => source[n] !== byte)
      ? undefined
      : bytes;
  });

const CASES: readonly (readonly [string, BundleTexts, Uint8Array])[] = [
  ...(
    [
      'healthy-l2bridge',
      'healthy-overlay',
      'broken-inter-node-l2bridge',
      'broken-inter-node-overlay',
      'broken-outbound-l2bridge',
    ] as const
  ).map((id) => [id, bundleOf(id), captureOf(id)] as const),
  ['NAT where none is', bundleOf('broken-outbound-l2bridge'), captureOf('healthy-l2bridge')],
  ['no NAT where one is', bundleOf('healthy-l2bridge'), captureOf('broken-outbound-l2bridge')],
  ['no rule of DNS', bundleOf('broken-dns-l2bridge'), captureOf('healthy-l2bridge')],
  ['no rules', without(bundleOf('healthy-overlay'), 'vfpOutput.txt'), captureOf('healthy-overlay')],
  [
    'a backend that is gone',
    swapped('healthy-l2bridge', '10.244.18.49', '10.244.18.77'),
    captureOf('healthy-l2bridge'),
  ],
  [
    'another tunnel',
    swapped('healthy-overlay', '10.127.130.35', '10.127.130.99'),
    captureOf('healthy-overlay'),
  ],
  [
    'another port of the backend',
    swapped('healthy-l2bridge', ' : 80 }', ' : 81 }'),
    captureOf('healthy-l2bridge'),
  ],
  [
    'without answers',
    bundleOf('broken-outbound-l2bridge'),
    unanswered(captureOf('healthy-l2bridge')),
  ],
];

it.each(CASES)(
  '%s: an alarm of the window is a finding, and a finding an alarm',
  (_, bundle, packets) => {
    const opened = captureCase([bundle, { 'packets.pcapng': packets }]);
    const snapshot = onlySnapshot(opened);
    const alarms = new Set<string>();
    const quiet = new Set<string>();
    for (const path of observedPaths(snapshot, opened)) {
      const { seen, expected } = explainRewrites(path.capture, path.flow, snapshot, opened);
      const who = `${podNameOf(snapshot, path.endpoint)} to ${targetText(path.flow)}`;
      const alarm = seen.some(({ status }) => status === 'alarm') || expected.some((e) => e.alarm);
      (alarm ? alarms : quiet).add(who);
    }
    const { findings } = analyse(opened, [service, state, internet, unexplained]);
    const about = (title: string): string => title.slice(title.indexOf(': ') + 2);
    const told = new Set(findings.map(({ title }) => about(title)));
    expect([...alarms].filter((who) => !told.has(who))).toEqual([]);
    const ofChanges = findings.filter(
      ({ ruleId, title }) => ruleId !== 'FLOW-POD-NET' || title.startsWith('A rule is not applied'),
    );
    expect(ofChanges.map(({ title }) => about(title)).filter((who) => !alarms.has(who))).toEqual(
      [],
    );
  },
);

it('both tell of what is wrong in these cases, and of nothing in a healthy one', () => {
  const alarmed = CASES.map(([name, bundle, packets]) => {
    const opened = captureCase([bundle, { 'packets.pcapng': packets }]);
    const snapshot = onlySnapshot(opened);
    const paths = observedPaths(snapshot, opened);
    return paths.some((path) =>
      explainRewrites(path.capture, path.flow, snapshot, opened).seen.some(
        ({ status }) => status === 'alarm',
      ),
    )
      ? name
      : '';
  });
  expect(alarmed.filter((name) => name !== '')).toEqual([
    'NAT where none is',
    'a backend that is gone',
    'another tunnel',
    'another port of the backend',
    'without answers',
  ]);
});
