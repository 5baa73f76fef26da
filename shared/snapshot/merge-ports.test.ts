import { describe, expect, it } from 'vitest';
import { caseOf, onlySnapshot } from '../synthetic/case-of';
import { syntheticNode } from '../synthetic/synthetic-node';

const overlay = syntheticNode({ mode: 'overlay' });
const before = onlySnapshot(caseOf(overlay));
const [first] = before.vswitchPorts;

const asJson = (mac: string): string =>
  JSON.stringify({
    Ports: [
      { Name: first?.name.toUpperCase(), Id: 'any', VmsPortId: 7, MacAddress: mac },
      { Name: '11111111-2222-3333-4444-555555555555', Id: 'new', VmsPortId: 9, MacAddress: '' },
    ],
  });
const withJson = (mac: string) =>
  onlySnapshot(caseOf(new Map([...overlay, ['vfp/ports.json', asJson(mac)]])));

describe('ports that text and JSON list', () => {
  it('are one port each, with what the text says and the lines of both', () => {
    const { vswitchPorts, contradictions } = withJson((first?.mac ?? '').replaceAll('-', ''));
    expect(vswitchPorts).toHaveLength(before.vswitchPorts.length + 1);
    const merged = vswitchPorts.find(({ name }) => name === first?.name);
    expect(merged).toMatchObject({ friendlyName: first?.friendlyName, mac: first?.mac });
    expect(merged?.evidence.map(({ file }) => file)).toEqual(['ports.txt', 'vfp/ports.json']);
    expect(contradictions).toEqual([]);
  });

  it('contradict each other where the MAC address differs', () => {
    const { contradictions } = withJson('00155DFFFF01');
    expect(contradictions).toMatchObject([
      { object: `vSwitch port ${first?.name ?? ''}`, field: 'MAC address' },
    ]);
  });
});
