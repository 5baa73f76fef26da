import { describe, expect, it } from 'vitest';
import { textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import { factsOf, parseText, survivesEveryCut, unaccounted } from '../testing/accounting';
import { endpointStatisticsParser } from './endpoint-statistics';

const ID = '2e2ea7c3-5a8a-4c8e-8a2e-6d3f0e1a1b2c';
const one = (id = ID, droppedIn = 7): string => `    {
        "BytesReceived":  4200,
        "BytesSent":  3100,
        "DroppedPacketsIncoming":  ${droppedIn},
        "DroppedPacketsOutgoing":  1,
        "EndpointId":  "${id.toUpperCase()}",
        "InstanceId":  "",
        "PacketsReceived":  42,
        "PacketsSent":  31
    }`;
const LIST = `[\n${one()},\n${one('3e2ea7c3-5a8a-4c8e-8a2e-6d3f0e1a1b2c', 0)}\n]\n`;

const itemsOf = (text: string, path = 'endpointstats.txt') =>
  factsOf(parseText(endpointStatisticsParser, text, path).facts, 'endpoint-statistics')[0]?.items;

describe('counters of HNS endpoints', () => {
  it('are read for each endpoint, with their lines', () => {
    expect(itemsOf(LIST)?.[0]).toEqual({
      file: 'endpointstats.txt',
      order: 1,
      endpointId: ID,
      received: 42,
      sent: 31,
      droppedIn: 7,
      droppedOut: 1,
      evidence: [{ file: 'endpointstats.txt', line: 2, endLine: 11 }],
    });
    expect(itemsOf(LIST)).toHaveLength(2);
    expect(unaccounted(LIST, parseText(endpointStatisticsParser, LIST))).toEqual([]);
  });

  it('the second time is told by the name; one object alone is read', () => {
    expect(itemsOf(one(), 'a/endpointstats-2.txt')?.[0]?.order).toBe(2);
  });

  it('is no endpoint, and endpoints are no counters', () => {
    expect(parseFile(textFileOf('pasted.txt', LIST)).kinds).toEqual(['endpoint-statistics']);
    const endpoint = `[\n    {\n        "ID":  "${ID}",\n        "IPAddress":  "10.244.1.2",\n        "MacAddress":  "00-15-5D-00-00-01"\n    }\n]\n`;
    expect(parseFile(textFileOf('endpoint.txt', endpoint)).kinds).not.toContain(
      'endpoint-statistics',
    );
  });

  it('half an object is none, and a cut list says so', () => {
    const cut = LIST.slice(0, LIST.lastIndexOf('"InstanceId"'));
    expect(itemsOf(cut)).toHaveLength(1);
    expect(parseText(endpointStatisticsParser, cut).notes).toMatchObject([{ kind: 'truncated' }]);
    survivesEveryCut(endpointStatisticsParser, LIST);
  });

  it('what is no number or id is not made one', () => {
    expect(itemsOf(one().replace(':  42,', ':  "many",'))).toBeUndefined();
    expect(itemsOf(one('not an id'))).toBeUndefined();
  });
});
