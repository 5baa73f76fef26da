import { describe, expect, it } from 'vitest';
import { parseFile } from '../parsers/parse-file';
import { symptomChains } from '../chains/symptom-chains';
import { assembleCase } from '../snapshot/assemble';
import type { Case } from '../snapshot/node-snapshot';
import type { BundleTexts } from '../synthetic/bundle';
import { onlySnapshot } from '../synthetic/case-of';
import { COLLECTED_AT } from '../synthetic/clock';
import { scenario } from '../synthetic/scenarios';
import { edit, syntheticNode, without } from '../synthetic/synthetic-node';
import { textFile, textFileOf } from '../text/text-file';
import { RULES } from './catalogue';
import { analyse } from './engine';
import type { Rule } from './rule';
import { rule as podWithoutEndpoint } from './hns/hns-ep-no-vnic';
import { rule as loadBalancerMissing } from './services/svc-lb-missing';
import { rule as threeWay } from './services/svc-vfp-3way';

const API = ['nodes.json', 'pods.json', 'services.json', 'endpointslices.json', 'events.json'];
const MINUTE = 60_000;

/** File times: of the API's files and of the rest; undefined where nothing keeps them. */
interface Times {
  readonly api?: number;
  readonly node?: number;
}

function caseAt(bundle: BundleTexts, times: Times, folder = ''): Case {
  const files = [...bundle].map(([path, text]) =>
    parseFile(
      textFile(folder + path, new TextEncoder().encode(text), {
        modifiedAt: API.includes(path) ? times.api : times.node,
      }),
    ),
  );
  return assembleCase([{ name: 'node', scope: 'node', files }]);
}

const findingsOf = (rule: Rule, bundle: BundleTexts, times: Times = {}, folder = '') =>
  analyse(caseAt(bundle, times, folder), [rule]).findings;

/** A report of our collector over the files of HNS and VFP, read one after another. */
function report(startedAt: number): string {
  const iso = (time: number): string => new Date(time).toISOString();
  const row = (section: string, path: string): string =>
    `${'ok'.padEnd(9)} ${'1000'.padStart(12)} ${'2000 ms'.padStart(10)}  ${section.padEnd(23)} ${path}`;
  return [
    `Collected by HNS Workbench from node at ${iso(startedAt)}`,
    `Done at ${iso(startedAt + 20_000)}`,
    'PowerShell language mode: FullLanguage',
    'Complete.',
    '',
    row('hns-networks', 'network.txt'),
    row('hns-endpoints', 'endpoint.txt'),
    row('hns-load-balancers', 'policy.txt'),
    row('hnsdiag', 'hnsdiag.txt'),
    row('vfp', 'vfpOutput.txt'),
    '',
  ].join('\n');
}

const collectedAt = (bundle: BundleTexts, time: number): BundleTexts =>
  new Map([...bundle, ['collection-report.txt', report(time)]]);

/** The web service has lost its load balancer. */
const healthy = syntheticNode({ mode: 'l2bridge', schema: 2 });
const broken = edit(without(healthy, 'hnsdiag.txt'), 'policy.txt', () => '[]\n');

describe('the time gate', () => {
  it('leaves an error as it is where no time is known', () => {
    const [finding] = findingsOf(loadBalancerMissing, broken);
    expect(finding).toMatchObject({ severity: 'error' });
    expect(finding?.summary).not.toContain('not of one moment');
  });

  it('leaves an error as it is where the sides are of one sync period', () => {
    const times = { api: COLLECTED_AT + 25_000 };
    const [finding] = findingsOf(
      loadBalancerMissing,
      collectedAt(broken, COLLECTED_AT + 20_000),
      times,
    );
    expect(finding).toMatchObject({ severity: 'error' });
    expect(finding?.summary).not.toContain('not of one moment');
  });

  it('warns where the API objects were saved before the node was collected, and says so', () => {
    const [finding] = findingsOf(
      loadBalancerMissing,
      collectedAt(broken, COLLECTED_AT + 15 * MINUTE),
      { api: COLLECTED_AT + 2 * MINUTE + 10_000 },
    );
    expect(finding).toMatchObject({ severity: 'warning' });
    expect(finding?.summary).toMatch(
      /the API objects are from 2024-05-14 09:22:10 UTC \(the file time of \w+\.json\) or before, the state of HNS is from 2024-05-14 09:35:04 UTC \(collection-report\.txt\) or after/,
    );
  });

  it('warns where the API objects tell of times after the node was collected', () => {
    const [finding] = findingsOf(
      podWithoutEndpoint,
      collectedAt(
        edit(without(healthy, 'hnsdiag.txt'), 'endpoint.txt', () => '[]\n'),
        COLLECTED_AT - 10 * MINUTE,
      ),
    );
    expect(finding).toMatchObject({ severity: 'warning' });
    expect(finding?.summary).toMatch(
      /the state of HNS is from .*\(collection-report\.txt\) or before, the API objects are from .*\((?:two minutes before )?the newest time in \w+\.json\) or after/,
    );
  });

  it('goes by the report of a collection of the cluster', () => {
    const parsed = (prefix: string, bundle: BundleTexts) =>
      [...bundle].map(([path, text]) => parseFile(textFileOf(prefix + path, text)));
    const node = parsed('node.zip!/', collectedAt(without(broken, ...API), COLLECTED_AT));
    const severity = (time: number): string | undefined => {
      const rows = report(time)
        .replace('network.txt', 'services.json')
        .replace('endpoint.txt', 'endpointslices.json');
      const api: BundleTexts = new Map([
        ...[...broken].filter(([path]) => API.includes(path)),
        ['collection-report.txt', rows],
      ]);
      const opened = assembleCase([
        { name: 'node', scope: 'node', files: node },
        { name: 'cluster', scope: 'cluster', files: parsed('cluster.zip!/', api) },
      ]);
      return analyse(opened, [loadBalancerMissing]).findings[0]?.severity;
    };
    expect(severity(COLLECTED_AT + 30_000)).toBe('error');
    expect(severity(COLLECTED_AT + 5 * MINUTE)).toBe('warning');
    expect(severity(COLLECTED_AT - 5 * MINUTE)).toBe('warning');
  });

  it('knows that the heartbeat of a ready node is no older than six minutes', () => {
    const items = API.flatMap(
      (path) => (JSON.parse(broken.get(path) ?? '{}') as { items: readonly unknown[] }).items,
    );
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2);
    const whole = new Map([...without(broken, ...API), ['cluster.json', list]]);
    const at = (time: number) => findingsOf(loadBalancerMissing, collectedAt(whole, time))[0];
    expect(at(COLLECTED_AT + 5 * MINUTE)).toMatchObject({ severity: 'error' });
    expect(at(COLLECTED_AT + 20 * MINUTE)).toMatchObject({ severity: 'warning' });
  });

  it('does not go by the local times of a zip, nor by times before there were such nodes', () => {
    const bundle = collectedAt(broken, COLLECTED_AT + 15 * MINUTE);
    const inZip = findingsOf(loadBalancerMissing, bundle, { api: COLLECTED_AT }, 'node.zip!/');
    expect(inZip[0]).toMatchObject({ severity: 'error' });
    const without = findingsOf(loadBalancerMissing, bundle, { api: Date.UTC(1980, 0, 1) });
    expect(without[0]).toMatchObject({ severity: 'error' });
  });

  it('goes by logs whose clock is known, and leaves a run of the collector ten minutes', () => {
    const entry = (time: number): string =>
      `time="${new Date(time).toISOString()}" level=info msg="RemovePodSandbox"\n`;
    const severity = (after: number): string | undefined => {
      const log = entry(COLLECTED_AT) + entry(COLLECTED_AT + after);
      const bundle = new Map([...broken, ['containerd.log', log]]);
      return findingsOf(loadBalancerMissing, bundle, { api: COLLECTED_AT })[0]?.severity;
    };
    expect(severity(9 * MINUTE)).toBe('error');
    expect(severity(12 * MINUTE)).toBe('warning');
  });

  it('judges each hop by the times of its own sides', () => {
    const lost = scenario('broken-services-l2bridge').bundle();
    const apart = { api: COLLECTED_AT + 2 * MINUTE };
    const hops = findingsOf(threeWay, collectedAt(lost, COLLECTED_AT + 15 * MINUTE), apart);
    expect(hops.map((f) => f.severity)).toEqual(['error']);
    expect(hops[0]?.summary).toContain('The hop from HNS to VFP is broken');
  });

  it('makes the broken link of the symptom path a warning too', () => {
    const apart = { api: COLLECTED_AT + 2 * MINUTE };
    const opened = caseAt(collectedAt(broken, COLLECTED_AT + 15 * MINUTE), apart);
    const snapshot = onlySnapshot(opened);
    const chains = symptomChains(snapshot, opened, analyse(opened, RULES));
    const states = chains.filter((c) => c.symptom === 'services').map((c) => c.status);
    expect(states).toContain('warning');
    expect(states).not.toContain('error');
  });

  it('is the same whatever the order of the files', () => {
    const bundle = collectedAt(broken, COLLECTED_AT + 15 * MINUTE);
    const times = { api: COLLECTED_AT + 2 * MINUTE };
    const turned: BundleTexts = new Map([...bundle].reverse());
    expect(findingsOf(loadBalancerMissing, turned, times).map((f) => f.summary)).toEqual(
      findingsOf(loadBalancerMissing, bundle, times).map((f) => f.summary),
    );
  });
});
