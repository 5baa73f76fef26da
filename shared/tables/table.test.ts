import { describe, expect, it } from 'vitest';
import { orderOf, pageOf, rowsOf, type Row } from './table';

const row = (key: string, tone?: Row['tone']): Row => ({ key, tone, cells: [{ text: key }] });
const columns = [{ id: 'name', title: 'Name', width: 100 }];

const shown = (rows: readonly Row[], sort: Parameters<typeof orderOf>[2]['sort']): string[] => {
  const source = rowsOf(rows);
  const order = orderOf(source, columns, { filter: '', sort });
  return pageOf(source, order, 0, 50, 65_536).rows.map(({ key }) => key);
};

describe('the order of a table', () => {
  const rows = [row('b'), row('d', 'warning'), row('a', 'ok'), row('e', 'error'), row('c')];

  it('begins with what is broken, then with what is doubtful; the rest stays as collected', () => {
    expect(shown(rows, null)).toEqual(['e', 'd', 'b', 'a', 'c']);
  });

  it('is the one that was asked for, once a column is sorted', () => {
    expect(shown(rows, { column: 'name', descending: false })).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
