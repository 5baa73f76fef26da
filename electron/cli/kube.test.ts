import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseFile } from '../../shared/parsers/parse-file';
import { textFileOf } from '../../shared/text/text-file';
import { without, type BundleTexts } from '../../shared/synthetic/bundle';
import { scenario } from '../../shared/synthetic/scenarios';
import { writeBundle, zippedBundle } from '../sources/testing/bundles';
import {
  clusterObjects,
  clusterTexts,
  POD_CANARY,
} from '../transports/kubernetes/testing/cluster-fixture';
import type { FakeApiServer } from '../transports/kubernetes/testing/fake-api-server';
import { KubeLab, TOKEN_CANARY } from '../transports/kubernetes/testing/kube-lab';
import { SshLab } from '../transports/testing/openssh';
import {
  analyzed,
  cli,
  found,
  isTimeless,
  liveIn,
  type Ran,
  type Report,
} from './testing/command-line';

const NODE = 'win-9p1xz4ct8rb';
const API_FILES = [
  'nodes.json',
  'pods.json',
  'services.json',
  'endpointslices.json',
  'events.json',
];
const broken = scenario('broken-services-overlay').bundle();
const objects = clusterObjects(broken, NODE);
/** What the node itself has. */
const onNode = without(broken, ...API_FILES);

const lab = new KubeLab();
const before = { ...process.env };
beforeAll(() => {
  liveIn((name) => lab.path(name));
  writeBundle(lab.path('node'), onNode);
});
afterAll(async () => {
  process.env = before;
  await lab.close();
});
let output = '';
let count = 0;
beforeEach(() => {
  count += 1;
  output = lab.path(`out-${count}/node.zip`);
  mkdirSync(dirname(output));
});

const collect = (config: string, to = '', ...more: readonly string[]): Promise<Ran> =>
  cli(['collect', `kube://lab${to}`, '--kubeconfig', config, '--output', output, ...more]);

/** Findings whatever their order: that of files in a bundle does not count. */
const inAnyOrder = (report: Report): readonly string[] =>
  found(report)
    .map((finding) => JSON.stringify(finding))
    .sort();

function zipFile(texts: BundleTexts): string {
  const file = lab.path(`bundle-${count}.zip`);
  writeFileSync(file, zippedBundle(texts));
  return file;
}

const api = (more: Partial<Parameters<KubeLab['api']>[0]> = {}): Promise<FakeApiServer> =>
  lab.api({ objects, ...more });
const replayed = (): { replay: { folder: string }; settings: string } => ({
  replay: { folder: lab.path('node') },
  settings: lab.path(`replay-${count}.json`),
});

/** A file of the bundle that was written. */
function unzipped(name: string): string {
  const { stdout } = spawnSync('python3', [
    '-c',
    `import zipfile,sys;sys.stdout.buffer.write(zipfile.ZipFile(${JSON.stringify(output)}).read(${JSON.stringify(name)}))`,
  ]);
  return stdout.toString('utf8');
}

describe('collect kube://CONTEXT', () => {
  it('writes the objects line for line as kubectl prints them, without secrets', async () => {
    const fake = await api();
    const ran = await collect(lab.kubeconfig(fake.url));
    expect(ran).toMatchObject({ code: 0, err: [] });
    for (const [file, text] of clusterTexts(fake.objects)) expect(unzipped(file), file).toBe(text);
    const kinds = ['configmaps.json', 'daemonsets.json'].flatMap((file) =>
      parseFile(textFileOf(file, unzipped(file))).facts.map(({ kind }) => kind),
    );
    expect(kinds).toEqual(
      expect.arrayContaining(['flannel-net-conf', 'linux-cni-conf', 'kube-daemon-sets']),
    );
  });
});

describe('collect kube://CONTEXT/NODE', () => {
  it('gives the findings of the bundle of the same node', async () => {
    const fake = await api({ exec: replayed() });
    const ran = await collect(lab.kubeconfig(fake.url), `/${NODE}`);
    expect(ran.code).toBe(0);
    expect(ran.err).toEqual([
      expect.stringMatching(/kube-system\/kube-proxy-windows-x7k2q.*HostProcess/),
    ]);
    const bundle = zipFile(new Map([...onNode, ...clusterTexts(fake.objects)]));
    const [live, saved] = [await analyzed(output), await analyzed(bundle)];
    expect(inAnyOrder(live)).toEqual(inAnyOrder(saved));
    const outcomes = ({ checks }: Report): unknown =>
      checks.filter(isTimeless).map(({ ruleId, status }) => [ruleId, status]);
    expect(outcomes(live)).toEqual(outcomes(saved));
    expect(inAnyOrder(live).length).toBeGreaterThan(0);
  });
});

describe('--with-kube', () => {
  it('puts the objects of the cluster into the bundle of a node that is read over SSH', async () => {
    const ssh = new SshLab();
    const key = ssh.key('key', 'ed25519');
    const node = await ssh.node({ folder: lab.path('node') });
    const fake = await api();
    const config = lab.kubeconfig(fake.url);
    const args = ['-i', key, '--accept-new-host-key', node.fingerprint, '--ssh-config', 'none'];
    const address = `ssh://${node.user}@127.0.0.1:${node.port}`;
    const over = (cluster: string): Promise<Ran> =>
      cli([
        'collect',
        address,
        ...args,
        '-o',
        output,
        '--with-kube',
        cluster,
        '--kubeconfig',
        config,
      ]);
    expect(await over('kube://lab')).toMatchObject({ code: 0, err: [] });
    const bundle = zipFile(new Map([...onNode, ...clusterTexts(fake.objects)]));
    expect(inAnyOrder(await analyzed(output))).toEqual(inAnyOrder(await analyzed(bundle)));
    await fake.stop();
    const without = await over('kube://lab');
    await ssh.close();
    expect(without.code).toBe(1);
    expect(without.err.join(' ')).toMatch(/API server .* refuses the connection/);
    expect(unzipped('endpoint.txt')).not.toBe('');
  });
});

describe('a node without a way in', () => {
  it('still gives the objects of the cluster, and says why', async () => {
    const fake = await api();
    const config = lab.kubeconfig(fake.url);
    const ran = await collect(config, '/win-7k2fq0dm3vs');
    expect(ran.code).toBe(1);
    expect(ran.err.join(' ')).toMatch(/There is no HostProcess pod .* on win-7k2fq0dm3vs/);
    expect(unzipped('pods.json')).toContain(NODE);
    const unknown = await collect(config, '/win-typo');
    expect(unknown.code).toBe(2);
    expect(unknown.err.join(' ')).toMatch(/no node "win-typo" in lab; its Windows nodes are win-/);
  });
});

describe('a credential plugin', () => {
  it('runs after "yes", or where its fingerprint is accepted', async () => {
    const fake = await api();
    const credential = { kind: 'ExecCredential', status: { token: TOKEN_CANARY } };
    writeFileSync(lab.path('credential'), JSON.stringify(credential));
    const exec = { command: '/bin/cat', args: [lab.path('credential')] };
    const config = lab.kubeconfig(fake.url, { user: { exec } });
    const silent = await collect(config);
    expect(silent.code).toBe(2);
    expect(silent.err[0]).toContain(`/bin/cat ${lab.path('credential')}`);
    const fingerprint = /--accept-exec-plugin (SHA256:\S+)/.exec(silent.err.join(' '))?.[1] ?? '';
    expect((await cli(['collect', 'kube://lab', '--kubeconfig', config], 'no')).code).toBe(2);
    expect((await collect(config, '', '--accept-exec-plugin', fingerprint)).code).toBe(0);
    const changed = lab.kubeconfig(fake.url, {
      user: { exec: { ...exec, args: [exec.args[0], '-u'] } },
    });
    const answered = await cli(
      ['collect', 'kube://lab', '--kubeconfig', changed, '-o', output],
      'yes',
    );
    expect(answered.code).toBe(0);
    expect(JSON.stringify([silent, answered])).not.toContain(TOKEN_CANARY);
  });
});

describe('what is not allowed', () => {
  it('is said with the right that is missing, and the rest is there', async () => {
    const fake = await api();
    for (const each of ['services', 'endpointslices', 'kube-system/configmaps'])
      fake.forbidden.add(each);
    const { code, err, out } = await collect(lab.kubeconfig(fake.url));
    expect(code).toBe(1);
    expect(out).toMatch(/INCOMPLETE/);
    expect(err.join('\n')).toMatch(
      /services.json\): error, not allowed: the right to list services \(API group core\) in the whole cluster is missing/,
    );
    expect(err.join('\n')).toMatch(/endpointslices.*\(API group discovery.k8s.io\)/);
    expect(err.join('\n')).toMatch(
      /the right to get these config maps is missing: kube-system\/kube-proxy,/,
    );
    expect(fake.log.filter((each) => each.includes('/endpoints?'))).toHaveLength(1);
    const { findings, checks } = await analyzed(output);
    expect(findings).toEqual([]);
    expect(checks.some(({ status }) => status === 'not checked' || status === 'not-checked')).toBe(
      true,
    );
    expect(unzipped('collection-report.txt')).toContain('Kubernetes v1.29.4, context lab');
  });

  it('writes nothing where nothing may be read', async () => {
    const fake = await api();
    const { code, err } = await collect(lab.kubeconfig(fake.url, { user: {} }));
    expect(code).toBe(2);
    expect(err.join(' ')).toMatch(/nothing was collected/);
  });

  it('can be one namespace: its lists never count as those of all', async () => {
    const fake = await api();
    for (const each of [
      'nodes',
      '*/pods',
      '*/services',
      '*/endpointslices',
      '*/events',
      '*/daemonsets',
    ])
      fake.forbidden.add(each);
    const ran = await collect(lab.kubeconfig(fake.url), '', '-n', 'kube-system', '-n', 'demo');
    expect(ran.code).toBe(1);
    expect(ran.err).toEqual([expect.stringMatching(/nodes.json\): error, not allowed/)]);
    const { nodes, checks } = await analyzed(output);
    const paths = nodes.flatMap(({ files }) => files.map(({ path }) => path.replace(/^.*!\//, '')));
    expect(paths).toEqual(expect.arrayContaining(['pods-kube-system.json', 'services-demo.json']));
    expect(checks.filter(({ status }) => status === 'fired')).toEqual([]);
    expect((await cli(['collect', 'kube://lab', '-n', '../x'])).err.join(' ')).toMatch(
      /is no namespace/,
    );
  });
});

describe('a connection that breaks', () => {
  it('leaves a list that ends where it broke', async () => {
    const fake = await api();
    const stop = setInterval(() => {
      if (fake.log.some((each) => each.includes('/services'))) void fake.stop();
    }, 1);
    const { code, err } = await collect(lab.kubeconfig(fake.url));
    clearInterval(stop);
    expect(code).toBe(1);
    expect(err.join(' ')).toMatch(/connection to the API server was lost/);
    expect((await analyzed(output)).nodes[0]?.files.length).toBeGreaterThanOrEqual(3);
  });
});

describe('secrets', () => {
  it('are neither asked for nor left anywhere', async () => {
    const record = lab.path('record.txt');
    const settings = replayed();
    const fake = await api({ exec: { ...settings, replay: { ...settings.replay, record } } });
    const config = lab.kubeconfig(fake.url);
    const ran = [
      await collect(config, `/${NODE}`),
      await cli(['nodes', 'kube://', '--kubeconfig', config]),
    ];
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
    expect(fake.log.filter((each) => /secrets|serviceaccounts/.test(each))).toEqual([]);
    expect(fake.log.filter((each) => !/^(GET|EXEC) /.test(each))).toEqual([]);
    const files = ['pods.json', 'configmaps.json', 'daemonsets.json', 'collection-report.txt'];
    const written = [
      readFileSync(record, 'utf8'),
      readFileSync(output, 'latin1'),
      ...files.map(unzipped),
    ];
    const all = [JSON.stringify([ran, fake.log]), ...written].join('\n');
    for (const canary of [TOKEN_CANARY, POD_CANARY]) expect(all).not.toContain(canary);
    expect(all).toContain('API_PASSWORD');
    expect(readdirSync(lab.path('tmp'))).toEqual([]);
  });
});

describe('nodes', () => {
  it('lists the Windows nodes with address, build, kubelet and state', async () => {
    const config = lab.kubeconfig((await api()).url);
    const { out, code } = await cli(['nodes', 'kube://lab', '--kubeconfig', config]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^NODE +ADDRESS +BUILD +KUBELET +READY$/);
    expect(out).toMatch(/^win-9p1xz4ct8rb +10\.127\.130\.36 +20348\.\d+ +v1\.\S+ +yes$/m);
    expect(out).not.toContain('lnx-control-plane');
    const json = await cli(['nodes', 'kube://lab', '--kubeconfig', config, '--format', 'json']);
    expect((JSON.parse(json.out) as unknown[]).length).toBe(3);
  });
});
