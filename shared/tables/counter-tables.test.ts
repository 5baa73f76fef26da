import { expect, it } from 'vitest';
import { having } from '../rules/testing/one-rule';
import { caseOf, onlySnapshot } from '../synthetic/case-of';
import { planNode } from '../synthetic/node-plan';
import { bundleOf } from '../synthetic/synthetic-node';
import { endpointCountersTable } from './counter-tables';

const plan = planNode({ mode: 'overlay' });
const [pod] = plan.pods;

const counted = (received: number, droppedIn: number): string =>
  JSON.stringify(
    [
      {
        EndpointId: pod?.endpointId,
        PacketsReceived: received,
        PacketsSent: 50,
        DroppedPacketsIncoming: droppedIn,
        DroppedPacketsOutgoing: 0,
      },
    ],
    null,
    4,
  );

it('endpoint counters stand by the address, and what grows of the drops stands out', () => {
  const bundle = having(
    having(bundleOf(plan), 'endpointstats.txt', counted(100, 3)),
    'endpointstats-2.txt',
    counted(180, 9),
  );
  const opened = caseOf(bundle);
  const context = {
    snapshot: onlySnapshot(opened),
    case: opened,
    findings: [],
    findingsOf: () => [],
    severityOf: () => undefined,
  };
  const source = endpointCountersTable.rows(context, undefined);
  const rows = Array.from({ length: source.count }, (_, n) => source.row(n));
  expect(rows.map(({ cells }) => cells.slice(0, 5).map(({ text }) => text))).toEqual([
    [pod?.ip, 'Packets received', '80', '100', '180'],
    [pod?.ip, 'Packets sent', '0', '50', '50'],
    [pod?.ip, 'Dropped on the way in', '6', '3', '9'],
  ]);
  expect(rows.map(({ cells }) => cells[2]?.tone)).toEqual([undefined, undefined, 'warning']);
});
