import type { NodeSnapshot } from '../snapshot/node-snapshot';
import {
  adapterSamples,
  endpointSamples,
  growthOf,
  packetMonitorSamples,
  type CounterSample,
} from '../views/counter-samples';
import { evidenceCell, number, text } from './cells';
import { rowsOf, type Table } from './table';

const LOSS = /drop|discard|error/i;

/** A table of counters in two samples; what counts losses and grows stands out. */
function counterTable(
  samples: (snapshot: NodeSnapshot) => readonly CounterSample[],
  where: string,
  empty: Table['empty'],
): Table {
  return {
    columns: [
      { id: 'where', title: where, width: 230, middle: true },
      { id: 'counter', title: 'Counter', width: 210 },
      { id: 'growth', title: 'Grew by', width: 100, align: 'end' },
      { id: 'first', title: 'First sample', width: 120, align: 'end' },
      { id: 'second', title: 'Second sample', width: 120, align: 'end' },
      { id: 'source', title: 'Evidence', width: 200, mono: true },
    ],
    empty,
    rows: ({ snapshot }) =>
      rowsOf(
        samples(snapshot).map((sample, index) => {
          const growth = growthOf(sample);
          const lost = LOSS.test(sample.counter) && (growth ?? 0) > 0;
          return {
            key: `${sample.where} ${sample.counter}#${index}`,
            evidence: sample.evidence[0],
            cells: [
              text(sample.where),
              text(sample.counter),
              number(growth, lost ? 'warning' : undefined),
              number(sample.first),
              number(sample.second),
              evidenceCell(sample.evidence[0]),
            ],
          };
        }),
      ),
  };
}

export const adapterCountersTable = counterTable(adapterSamples, 'Adapter', {
  text: 'No counters of adapters were collected. The collector takes them twice, some seconds apart.',
  command: 'Get-NetAdapterStatistics -IncludeHidden | Format-List *',
});

export const endpointCountersTable = counterTable(endpointSamples, 'Endpoint', {
  text: 'No counters of HNS endpoints were collected. The collector takes them twice, some seconds apart.',
  command: 'Invoke-HnsRequest -Method GET -Type endpointstats -Id <endpoint>',
});

export const packetCountersTable = counterTable(packetMonitorSamples, 'Component', {
  text: 'Packet Monitor counted nothing: it was not running when the node was read.',
  command: 'pktmon start --capture --comp all; pktmon counters',
});
