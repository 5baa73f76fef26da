import { describe, expect, it } from 'vitest';
import { syntheticNode, without, type BundleTexts } from '../../synthetic/synthetic-node';
import { firstLines, having, outcomeOf } from '../testing/one-rule';
import { rule } from './log-hns-event';

const overlay = syntheticNode({ mode: 'overlay' });
const PATH = 'winevt/Microsoft-Windows-Host-Network-Service-Admin.csv';
const log = (...entries: readonly (readonly [level: string, message: string])[]): BundleTexts =>
  having(
    overlay,
    PATH,
    [
      '"TimeCreated","Level","LevelDisplayName","ProviderName","Id","Message"',
      ...entries.map(
        ([level, message]) =>
          `"2024-05-14T09:10:00.0000000+00:00","${level}","Fehler","Microsoft-Windows-Host-Network-Service","1010","${message}"`,
      ),
      '',
    ].join('\n'),
  );

describe('LOG-HNS-EVENT', () => {
  it('finds a code of HNS in an error, whatever the language', () => {
    const bundle = log(
      ['4', 'Netzwerk angelegt'],
      ['2', 'Fehler beim Anlegen des Endpunkts: 0x803b0013'],
    );
    const { findings } = outcomeOf(rule, bundle);
    expect(findings).toMatchObject([
      { severity: 'warning', title: expect.stringContaining('0x803b0013') as string },
    ]);
    expect(firstLines(bundle, findings[0])[0]).toContain('Endpunkts');
  });

  it('leaves objects that are gone, codes of others and informations alone', () => {
    const bundle = log(
      ['2', 'endpoint 0x803b0002'],
      ['2', 'call failed 0x80070490'],
      ['4', 'retry after 0x803b0013'],
    );
    expect(outcomeOf(rule, bundle).check.status).toBe('passed');
  });

  it('is not checked without the log of HNS', () => {
    expect(outcomeOf(rule, without(overlay, PATH)).check).toMatchObject({
      status: 'not-checked',
      because: 'needs-evidence',
    });
  });
});
