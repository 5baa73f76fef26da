import { describe, expect, it } from 'vitest';
import { symptomChains } from '../chains/symptom-chains';
import { RULES } from '../rules/catalogue';
import { analyse } from '../rules/engine';
import type { BundleTexts } from './bundle';
import { caseOf, onlySnapshot } from './case-of';
import { syntheticNode } from './synthetic-node';

/**
 * What is lost of a bundle says nothing of the node: a healthy node stays quiet whichever file is
 * missing, cut, empty or holds the error of the command that should have made it.
 */
const ERROR_TEXT = [
  "Get-HnsEndpoint : The term 'Get-HnsEndpoint' is not recognized as the name of a cmdlet, function,",
  'script file, or operable program. Check the spelling of the name, or if a path was included,',
  'verify that the path is correct and try again.',
  'At C:\\k\\debug\\collectlogs.ps1:18 char:1',
  '+ Get-HnsEndpoint | Select IpAddress, MacAddress',
  '+ ~~~~~~~~~~~~~~~',
  '    + CategoryInfo          : ObjectNotFound: (Get-HnsEndpoint:String) [], CommandNotFoundException',
  '    + FullyQualifiedErrorId : CommandNotFoundException',
  '',
].join('\n');

const part = (text: string, share: number): string =>
  text.slice(0, Math.floor(text.length * share));

const DAMAGES: readonly (readonly [string, (text: string) => string | undefined])[] = [
  ['missing', () => undefined],
  ['empty', () => ''],
  ['cut after a third', (text) => part(text, 1 / 3)],
  ['cut after two thirds', (text) => part(text, 2 / 3)],
  ['cut near its end', (text) => part(text, 19 / 20)],
  ['with lines that end in CR CR LF', (text) => text.replace(/\r?\n/g, '\r\r\n')],
  ['an error text', () => ERROR_TEXT],
  ['an error text and half of it', (text) => ERROR_TEXT + part(text, 1 / 2)],
];

/** Numbers from 0 to 1 that look random and are the same every time (Lehmer's generator). */
function sequence(seed: number): () => number {
  let state = 48_271 * (seed + 1);
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function damaged(
  bundle: BundleTexts,
  path: string,
  damage: (text: string) => string | undefined,
): BundleTexts {
  const after = damage(bundle.get(path) ?? '');
  return after === undefined
    ? new Map([...bundle].filter(([name]) => name !== path))
    : new Map([...bundle, [path, after]]);
}

/** Errors, warnings, links in red and rules that failed, in words; none for a healthy node. */
function alarms(bundle: BundleTexts): string[] {
  const opened = caseOf(bundle);
  const result = analyse(opened, RULES);
  const chains = symptomChains(onlySnapshot(opened), opened, result);
  return [
    ...result.findings
      // A file that stops in its middle is itself worth a look: the node's may stop there too.
      .filter((f) => !(f.ruleId === 'CNI-JSON' && /ends before its JSON/.test(f.title)))
      .filter((f) => f.severity !== 'info')
      .map((f) => `${f.ruleId}: ${f.title}`),
    ...result.checks
      .filter((c) => c.because === 'rule-failed')
      .map((c) => `${c.ruleId} failed: ${c.reason}`),
    ...chains
      .flatMap((c) => c.links.map((l) => ({ chain: c.id, ...l })))
      .filter((l) => l.status === 'error' || l.status === 'warning')
      .map((l) => `${l.chain}, ${l.id}: ${l.detail}`),
  ];
}

const NODES = [
  { mode: 'l2bridge', schema: 1 },
  { mode: 'l2bridge', schema: 2, dsr: true, dualStack: true },
  { mode: 'overlay', schema: 1, dsr: true },
  { mode: 'overlay', schema: 2 },
] as const;

describe.each(NODES)('of a healthy node (%j)', (options) => {
  const healthy = syntheticNode(options);

  it.each(DAMAGES)('any file may be %s without a false alarm', (_what, damage) => {
    const wrong = [...healthy.keys()].flatMap((path) =>
      alarms(damaged(healthy, path, damage)).map((alarm) => `${path}: ${alarm}`),
    );
    expect(wrong).toEqual([]);
  });

  it('any file may be stopped between two lines where the collector says so', () => {
    const wrong = [...healthy].flatMap(([path, text]) => {
      const lines = text.split('\n');
      const half = `${lines.slice(0, Math.ceil(lines.length / 2)).join('\n')}\n`;
      const report = [
        'Collected by HNS Workbench from node at 2024-05-14T09:20:00.000Z',
        'Done at 2024-05-14T09:21:30.000Z',
        'PowerShell language mode: FullLanguage',
        'Complete.',
        '',
        `timeout    1000   90000 ms  section                 ${path}`,
        '',
      ].join('\n');
      const stopped = new Map([...healthy, [path, half], ['collection-report.txt', report]]);
      return alarms(stopped).map((alarm) => `${path}: ${alarm}`);
    });
    expect(wrong).toEqual([]);
  });

  it('any part of the bundle may be all there is, with files cut anywhere', () => {
    const random = sequence(JSON.stringify(options).length);
    const wrong = Array.from({ length: 60 }, () => {
      const share = 0.1 + 0.9 * random();
      const kept = [...healthy]
        .filter(() => random() < share)
        .map(([path, text]): [string, string] =>
          random() < 0.2 ? [path, part(text, random())] : [path, text],
        );
      return kept.length === 0
        ? []
        : alarms(new Map(kept)).map((a) => `${a} (of ${kept.map(([path]) => path).join()})`);
    });
    expect(wrong.flat()).toEqual([]);
  });

  it('the order of the files changes nothing', () => {
    const findings = (bundle: BundleTexts): unknown => {
      const { findings: found, checks } = analyse(caseOf(bundle), RULES);
      return [found, checks.map(({ ruleId, status }) => `${ruleId} ${status}`)];
    };
    const backwards = new Map([...healthy].reverse());
    expect(findings(backwards)).toEqual(findings(healthy));
  });
});
