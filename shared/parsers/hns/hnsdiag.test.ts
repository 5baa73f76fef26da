import { describe, expect, it } from 'vitest';
import type { Facts, FactsOf } from '../../model/facts';
import { textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import type { ParsedFile } from '../parsed-file';
import { hnsJsonParser } from './hns-json';
import { hnsdiagParser } from './hnsdiag';

const parse = (content: string): ParsedFile =>
  parseFile(textFileOf('hnsdiag.txt', content), [hnsJsonParser, hnsdiagParser]);
const facts = <K extends Facts['kind']>(parsed: ParsedFile, kind: K): FactsOf<K> | undefined =>
  parsed.facts.find((fact): fact is FactsOf<K> => fact.kind === kind);
const A = '768b4bd1-774c-47e8-904f-91c007a4b183';
const B = '048cd973-b5db-45a6-9c65-16dec22e871d';

describe('hnsdiag', () => {
  it('reads a load balancer without backends and one whose last id is cut', () => {
    const parsed = parse(
      `LoadBalancers:\nID                                   | Virtual IPs      | Direct IP IDs\n${A} |  10.96.0.10      | \n${B} |  10.96.0.1       | ${A} 048cd973-b5d`,
    );
    const list = facts(parsed, 'hns-load-balancers');
    expect(list?.items.map((lb) => lb.endpointIds)).toEqual([[], [A]]);
    expect(list?.complete).toBe(false);
    expect(parsed.unread).toEqual([]);
  });

  it('reads blocks of every kind', () => {
    const parsed = parse(
      `Network : ${A}\n    Name : cbr0\nEndpoint : ${B}\n    Name : x y\n    IP Address : 10.244.1.5\n    Virtual Network Name : cbr0\n\nNamespace : ${A}\n    Endpoint IDs : ${B}\n`,
    );
    expect(facts(parsed, 'hns-endpoints')?.items[0]).toMatchObject({
      name: 'x y',
      ipAddresses: ['10.244.1.5'],
      networkId: A,
    });
    expect(facts(parsed, 'hns-namespaces')?.items[0]?.endpointIds).toEqual([B]);
    expect(parsed.status).toBe('parsed');
  });

  it('reads the JSON of -d with headings between, empty sections included', () => {
    const parsed = parse(
      `Endpoints:\n{\n    "ID":"${A}",\n    "VirtualNetwork":"${B}",\n    "Version":1\n}\nLoadBalancers:\n`,
    );
    expect(facts(parsed, 'hns-endpoints')?.items).toHaveLength(1);
    expect(facts(parsed, 'hns-load-balancers')?.items).toEqual([]);
    expect(parsed.unread).toEqual([]);
  });

  it('keeps apart what follows another prompt', () => {
    const parsed = parse(
      `PS C:\\> hnsdiag list endpoints\nName             ID                                   Virtual Network Name\nEthernet         ${A} cbr0\nPS C:\\> some other\nnot ours`,
    );
    expect(facts(parsed, 'hns-endpoints')?.items).toHaveLength(1);
    expect(parsed.unread).toEqual([{ line: 4, endLine: 5 }]);
  });

  it('leaves usage text unread', () => {
    expect(parse('Usage: hnsdiag <command>\n').facts).toEqual([]);
  });
});
