import { describe, expect, it } from 'vitest';
import type { ReceivedFile, ReceivedStream } from '../../shared/ipc/live';
import { collectionReport } from '../collect/collection-report';
import { parseFile } from '../../shared/parsers/parse-file';
import { textFileOf } from '../../shared/text/text-file';
import { withFresh } from './act-job';
import { planOf } from './action-plan';
import { frameStream } from './collect-job';
import { STEP_SECTIONS } from './step-sections';
import { SECTIONS } from './what-runs';

const everything = { include: [], logLines: null, eventHours: null, sectionSeconds: null };
const file = (
  section: string,
  path: string,
  state: ReceivedFile['state'] = 'ok',
  location = 'old',
): ReceivedFile => ({
  ...{ section, path, state, bytes: 10, milliseconds: 1000, notes: [], location },
  kept: true,
});
const earlier: ReceivedStream = {
  languageMode: 'FullLanguage',
  files: [
    file('hns-networks', 'network.txt'),
    file('hns-endpoints', 'endpoint.txt'),
    file('adapters', 'netadapter.txt'),
    file('adapters', 'adapters/gone_int.txt'),
    file('logs', 'logs/kubelet.log'),
  ],
  complete: true,
  notes: [],
  endedAt: Date.UTC(2026, 0, 1, 10, 1),
};
const time = { from: Date.UTC(2026, 0, 1, 11), to: Date.UTC(2026, 0, 1, 11, 0, 5) };
const named = (stream: ReceivedStream): string[] =>
  stream.files.map(({ path, location }) => `${path} ${location}`);

describe('what an action reads', () => {
  it('takes the place of all that its section had, and of nothing else', () => {
    const fresh = [
      file('hns-endpoints', 'endpoint.txt', 'ok', 'new'),
      file('adapters', 'netadapter.txt', 'ok', 'new'),
    ];
    const joined = withFresh(earlier, fresh, ['hns-endpoints', 'adapters'], time);
    expect(named(joined)).toEqual([
      'network.txt old',
      'endpoint.txt new',
      'netadapter.txt new',
      'logs/kubelet.log old',
    ]);
    expect(joined.readAgain).toEqual([{ ...time, sections: ['hns-endpoints', 'adapters'] }]);
  });

  it('leaves what was there where it came not whole, but takes what the node no longer has', () => {
    const fresh = [
      file('hns-networks', 'network.txt', 'missing', 'new'),
      file('hns-endpoints', 'endpoint.txt', 'cut off', 'new'),
    ];
    const joined = withFresh(earlier, fresh, ['hns-networks', 'hns-endpoints'], time);
    expect(named(joined).slice(0, 2)).toEqual(['network.txt new', 'endpoint.txt old']);
    expect(joined.readAgain).toEqual([{ ...time, sections: ['hns-networks'] }]);
  });

  it('takes nothing that was not asked for', () => {
    const joined = withFresh(
      earlier,
      [file('logs', 'logs/kubelet.log', 'ok', 'new')],
      ['hns-networks'],
      time,
    );
    expect(named(joined)).toEqual(named(earlier));
  });

  it('has its own time in the report, and so for the checks', () => {
    const once = withFresh(
      earlier,
      [file('hns-endpoints', 'endpoint.txt'), file('hns-networks', 'network.txt')],
      ['hns-endpoints', 'hns-networks'],
      time,
    );
    const later = { from: time.from + 60_000, to: time.to + 60_000 };
    const twice = withFresh(once, [file('hns-networks', 'network.txt')], ['hns-networks'], later);
    const at = Date.UTC(2026, 0, 1, 10);
    const text = collectionReport('node1', { at, endedAt: twice.endedAt }, frameStream(twice));
    const [report] = parseFile(textFileOf('collection-report.txt', text)).facts.flatMap((facts) =>
      facts.kind === 'collections' ? facts.items : [],
    );
    const span = (section: string): unknown => {
      const { from, to } = report?.sections.find((each) => each.section === section) ?? {};
      return { from, to };
    };
    expect(report?.complete).toBe(true);
    expect(span('hns-networks')).toEqual(later);
    expect(span('hns-endpoints')).toEqual(time);
    // What was not read again began first, and was over before the end of the first run.
    const end = twice.endedAt ?? 0;
    expect(span('adapters')).toEqual({ from: at, to: end - 2000 });
    expect(span('logs')).toEqual({ from: at + 2000, to: end });
  });
});

describe('what will run', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('for step %i is known to the collector', (step) => {
    const wanted = STEP_SECTIONS[step] ?? [];
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((section) => !SECTIONS.includes(section))).toEqual([]);
    const { plan, parameters } = planOf({ kind: 'refresh', step }, everything);
    expect([...plan.sections].sort()).toEqual([...new Set(wanted)].sort());
    expect(parameters.include).toEqual(plan.sections);
    expect(JSON.parse(plan.parameters)).toEqual(parameters);
  });

  it('is the collector as it was shown before connecting, with the limits of the connection', () => {
    const { plan, parameters } = planOf(
      { kind: 'endpoint' },
      { ...everything, include: ['os'], sectionSeconds: 20 },
    );
    expect(parameters).toEqual({ include: ['hns-endpoints'], sectionSeconds: 20 });
    expect(plan.seconds).toBe(50);
    expect(plan.script).toContain('Section hns-endpoints endpoint.txt');
    expect(plan.disturbs).toMatch(/only reads/);
  });
});
