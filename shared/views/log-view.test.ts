import { describe, expect, it } from 'vitest';
import { viewContext } from '../inspect/view-context';
import { caseOf, onlySnapshot } from '../synthetic/case-of';
import { syntheticNode } from '../synthetic/synthetic-node';
import { logOrder, logRows } from './log-view';

describe('logs of all components in one order', () => {
  const opened = caseOf(syntheticNode({ mode: 'overlay' }));
  const context = viewContext(onlySnapshot(opened), opened, []);
  const rows = (components: readonly string[], text = '') => {
    const request = { components, levels: [], text, from: null, to: null };
    return logRows(context, logOrder(context, request), 0, 50, 1e6);
  };

  it('shows entries of Windows event logs as sentences, the oldest first', () => {
    const shown = rows(['windows']);
    expect(shown.map(({ entry }) => entry.text.slice(0, 40))).toEqual([
      'Service Control Manager 7040: The start ',
      'Microsoft-Windows-Host-Network-Service 1',
      'Service Control Manager 7036: The WinHTT',
    ]);
    expect(shown[0]?.entry.evidence).toMatchObject({ file: 'winevt/System.csv', line: 3 });
  });

  it('finds them by their words beside lines of other logs', () => {
    expect(rows([], 'WinHTTP').map(({ component }) => component)).toEqual(['windows']);
  });
});
