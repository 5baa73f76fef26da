import { describe, expect, it } from 'vitest';
import { parseFile } from '../../shared/parsers/parse-file';
import { factsOf, survivesEveryCut } from '../../shared/parsers/testing/accounting';
import { collectionReportParser } from '../../shared/parsers/collection-report';
import { RULES } from '../../shared/rules/catalogue';
import { analyse } from '../../shared/rules/engine';
import { assembleCase } from '../../shared/snapshot/assemble';
import { snapshotSummary } from '../../shared/views/snapshot-summary';
import { onlySnapshot } from '../../shared/synthetic/case-of';
import { syntheticNode, without } from '../../shared/synthetic/synthetic-node';
import { textFileOf } from '../../shared/text/text-file';
import { collectionReport } from './collection-report';
import type { CollectedFile, FrameState } from './frame-reader';

const AT = Date.UTC(2026, 4, 3, 11, 14, 40);

const file = (
  section: string,
  path: string,
  state: FrameState = 'ok',
  milliseconds = 1000,
  ...notes: readonly string[]
): CollectedFile => ({ section, path, state, bytes: 120, milliseconds, notes, location: '' });

const FILES = [
  file('hns-endpoints', 'endpoint.txt'),
  file('hns-load-balancers', 'policy.txt', 'timeout', 90_000, 'stopped after 90 s'),
  file('nvspinfo', 'nvspinfo.txt', 'missing', 10, 'missing: nvspinfo.exe is not on this node'),
  file(
    'logs',
    'logs/C/k/kube proxy (1).log',
    'cut off',
    500,
    'the stream broke off before its end',
  ),
];

const reportOf = (
  files: readonly CollectedFile[],
  endedAt?: number,
  languageMode = 'FullLanguage',
): string =>
  collectionReport(
    '10.0.0.4',
    { at: AT, endedAt },
    {
      languageMode,
      files,
      complete: false,
      notes: ['The connection was lost: reset by peer'],
    },
  );

const parse = (text: string) => parseFile(textFileOf('node.zip!/collection-report.txt', text));

describe('the report of a collection, read again', () => {
  it('tells when each section was read, and accounts for every line', () => {
    const text = reportOf(FILES, AT + 100_000);
    const parsed = parse(text);
    expect(parsed).toMatchObject({ kinds: ['collection-report'], unread: [], status: 'parsed' });
    const [report] = factsOf(parsed.facts, 'collections')[0]?.items ?? [];
    expect(report).toMatchObject({ startedAt: AT, endedAt: AT + 100_000, complete: false });
    expect(report?.sections.map(({ path, state }) => [path, state])).toEqual(
      FILES.map(({ path, state }) => [path, state]),
    );
    // The first ended before the other three took their 90.51 s; the second began after the first.
    expect(report?.sections[0]).toMatchObject({ from: AT, to: AT + 100_000 - 90_510 });
    expect(report?.sections[1]).toMatchObject({ from: AT + 1000, to: AT + 100_000 - 510 });
  });

  it('notes what failed, on its line and with the reason', () => {
    const messages = parse(reportOf(FILES, AT + 100_000)).notes.map(({ message }) => message);
    expect(messages).toEqual([
      'The connection was lost: reset by peer',
      'hns-load-balancers (policy.txt): took too long and was stopped, stopped after 90 s',
      'nvspinfo (nvspinfo.txt): not there, nvspinfo.exe is not on this node',
      'logs (logs/C/k/kube proxy (1).log): broke off with the connection, the stream broke off before its end',
    ]);
  });

  it('gives no section a time where the end is not known or commands ran side by side', () => {
    const first = (text: string) =>
      factsOf(parse(text).facts, 'collections')[0]?.items[0]?.sections;
    expect(first(reportOf(FILES))?.[0]).toMatchObject({ from: undefined, to: undefined });
    const plain = first(reportOf(FILES, AT + 100_000, 'ConstrainedLanguage'));
    expect(plain?.[1]).toMatchObject({ from: AT, to: AT + 100_000 });
  });

  it('survives any cut', () => {
    survivesEveryCut(collectionReportParser, reportOf(FILES, AT + 100_000));
  });

  it('is the time of the snapshot, and makes a list partial that was stopped between two lines', () => {
    const bundle = new Map([
      ...without(syntheticNode({ mode: 'l2bridge' }), 'hnsdiag.txt'),
      ['collection-report.txt', reportOf(FILES, AT + 100_000)],
    ]);
    const files = [...bundle].map(([path, text]) => parseFile(textFileOf(path, text)));
    const snapshot = onlySnapshot(assembleCase([{ name: 'node', scope: 'node', files }]));
    expect(snapshot.collectedAt).toEqual({
      time: AT,
      source: 'stamp',
      file: 'collection-report.txt',
    });
    expect(snapshotSummary(snapshot, [], []).collectedAtSource).toBe(
      'stated by collection-report.txt',
    );
    expect(snapshot.evidence.get('hns-load-balancers')?.state).toBe('partial');
    expect(snapshot.evidence.get('hns-networks')?.state).toBe('present');
    const policy = snapshot.files.find((f) => f.file.path === 'policy.txt');
    expect(policy?.status).toBe('partial');
    expect(policy?.notes.at(-1)?.message).toMatch(/took too long .*collection-report\.txt, line 8/);
  });
});

describe('a section that failed', () => {
  it('is the reason why a check lacks its evidence', () => {
    const report = reportOf(
      [file('vfp', 'vfpOutput.txt', 'missing', 5, 'missing: vfpctrl.exe is not on this node')],
      AT + 1000,
    );
    const bundle = new Map([
      ...without(syntheticNode({ mode: 'l2bridge' }), 'vfpOutput.txt'),
      ['collection-report.txt', report],
    ]);
    const files = [...bundle].map(([path, text]) => parseFile(textFileOf(path, text)));
    const opened = assembleCase([{ name: 'node', scope: 'node', files }]);
    const { checks } = analyse(opened, RULES);
    const check = checks.find(({ ruleId }) => ruleId === 'SVC-VFP-LB-MISSING');
    expect(check?.status).toBe('not-checked');
    expect(check?.reason).toBe(
      'Needs the VFP layers and rules of every port (vfpOutput.txt); the collector reports vfp (vfpOutput.txt): not there, vfpctrl.exe is not on this node',
    );
  });
});

describe('the report of a collection run by hand', () => {
  it('has the clock of the node with its zone', () => {
    const text = reportOf(FILES, AT + 100_000)
      .replace(new Date(AT).toISOString(), '2026-05-03T13:14:40.0001234+02:00')
      .replace(new Date(AT + 100_000).toISOString(), '2026-05-03T13:16:20.0001234+02:00');
    const [report] = factsOf(parse(text).facts, 'collections')[0]?.items ?? [];
    expect(report).toMatchObject({ startedAt: AT, endedAt: AT + 100_000 });
    expect(report?.sections[1]).toMatchObject({ from: AT + 1000, to: AT + 100_000 - 510 });
  });
});

describe('collection.json', () => {
  it('tells when a collection run by hand began', () => {
    const text = JSON.stringify(
      {
        collector: 'hns-workbench',
        format: 1,
        startedAt: '2026-05-03T13:14:40.1234567+02:00',
        host: 'NODE1',
        parameters: { logLines: 3000 },
      },
      null,
      4,
    );
    const parsed = parseFile(textFileOf('collection.json', `${text}\n`));
    expect(parsed).toMatchObject({ kinds: ['collection-start'], unread: [], status: 'parsed' });
    expect(factsOf(parsed.facts, 'collections')[0]?.items[0]?.startedAt).toBe(AT + 123);
  });
});
