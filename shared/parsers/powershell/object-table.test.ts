import { describe, expect, it } from 'vitest';
import { readObjectTables } from './object-table';

const lines = (text: string): { n: number; text: string }[] =>
  text.split('\n').map((line, i) => ({ n: 1 + i, text: line }));

const ROUTES = `PS C:\\> Get-NetRoute

ifIndex DestinationPrefix                              NextHop                                  RouteMetric if
                                                                                                            Me
                                                                                                            tr
                                                                                                            ic
------- -----------------                              -------                                  ----------- --
45      255.255.255.255/32                             0.0.0.0                                          256 15
24      10.244.18.0/24                                 10.127.130.35                                    256 15

after`;

describe('Format-Table tables', () => {
  it('reads a header wrapped vertically and right-aligned numbers', () => {
    const [table] = readObjectTables(lines(ROUTES));
    expect(table?.columns).toEqual([
      'ifIndex',
      'DestinationPrefix',
      'NextHop',
      'RouteMetric',
      'ifMetric',
    ]);
    expect([table?.line, table?.endLine]).toEqual([3, 9]);
    expect([...(table?.rows[1]?.cells.values() ?? [])]).toEqual([
      '24',
      '10.244.18.0/24',
      '10.127.130.35',
      '256',
      '15',
    ]);
  });

  it('lets a number start left of its dashes', () => {
    const [table] = readObjectTables(
      lines(
        'Handles  NPM(K)     WS(K) ProcessName\n-------  ------     ----- -----------\n    263      18   1221472 kubelet',
      ),
    );
    expect(table?.rows[0]?.cells.get('ws(k)')).toBe('1221472');
    expect(table?.rows[0]?.cells.get('processname')).toBe('kubelet');
  });

  it('marks values that PowerShell cut', () => {
    const [table] = readObjectTables(lines('Name     Id\n----     --\nabcd...  1\nabcdefg… 2'));
    expect(table?.rows.map((row) => row.cut.has('name'))).toEqual([true, true]);
  });

  it('keeps columns in place after wide characters', () => {
    const [table] = readObjectTables(
      lines(
        'Name               Status\n----               ------\nvEthernet (以太网) Up\nEthernet           Down',
      ),
    );
    expect(table?.rows.map((row) => row.cells.get('status'))).toEqual(['Up', 'Down']);
  });

  it('takes a table that is only headers', () => {
    const [table] = readObjectTables(lines('Name Id\n---- --\n'));
    expect(table?.rows).toEqual([]);
  });

  it('needs a header above the dashes', () => {
    expect(readObjectTables(lines('\n-----\ntext'))).toEqual([]);
    expect(readObjectTables(lines('a\n------ITEM------\n'))).toEqual([]);
  });
});
