import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { kubeAddress } from './kube-address';
import { Kubeconfig, kubeconfigFiles } from './kubeconfig';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: object | string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
}

const CANARY = 'canary-kubeconfig-11';
const config = (
  server: string,
  user: object = { token: CANARY },
  cluster: object = {},
): object => ({
  'current-context': 'main',
  clusters: [{ name: 'c', cluster: { server, ...cluster } }],
  users: [{ name: 'u', user }],
  contexts: [{ name: 'main', context: { cluster: 'c', user: 'u', namespace: 'apps' } }],
});
const problem = async (content: object): Promise<string | undefined> =>
  (await Kubeconfig.read([file('one', content)])).contexts[0]?.problem;

describe('kubeconfig', () => {
  it('lists contexts without anything secret', async () => {
    const { contexts } = await Kubeconfig.read([file('plain', config('https://api:6443'))]);
    expect(contexts).toEqual([
      {
        name: 'main',
        cluster: 'c',
        server: 'https://api:6443',
        user: 'u',
        namespace: 'apps',
        current: true,
        problem: undefined,
      },
    ]);
  });

  it('merges files: what stands first counts, paths are relative to their file', async () => {
    const first = file('a/config', {
      'current-context': 'two',
      contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }],
    });
    const second = file('b/config', {
      'current-context': 'one',
      clusters: [
        { name: 'c', cluster: { server: 'https://b', 'certificate-authority': 'ca.pem' } },
      ],
      users: [{ name: 'u', user: { tokenFile: 'sub/token' } }],
      contexts: [
        { name: 'one', context: { cluster: 'nowhere' } },
        { name: 'two', context: { cluster: 'c', user: 'u' } },
      ],
    });
    const read = await Kubeconfig.read([join(folder, 'absent'), first, second]);
    expect(read.contexts.map(({ name, current }) => [name, current])).toEqual([
      ['one', false],
      ['two', true],
    ]);
    const { cluster, user } = read.access('one');
    expect(cluster['certificate-authority']).toBe(join(folder, 'b', 'ca.pem'));
    expect(user.tokenFile).toBe(join(folder, 'b', 'sub', 'token'));
  });

  it.each([
    [config('https://a', {}, { 'insecure-skip-tls-verify': true }), /insecure-skip-tls-verify/],
    [config('http://a'), /not https/],
    [config('https://me:pw@a'), /user in its address/],
    [config('nonsense'), /no address/],
    [config('https://a', { username: 'me', password: CANARY }), /name and password/],
    [config('https://a', { 'auth-provider': { name: 'gcp' } }), /auth-provider "gcp"/],
    [config('https://a', { exec: { command: 'x', interactiveMode: 'Always' } }), /questions/],
    [config('https://a', { token: 5 }), /cannot be read/],
    [{ ...config('https://a'), clusters: [] }, /cluster "c" is not in/],
  ])('says why a context cannot be used: %j', async (content, why) => {
    const said = await problem(content);
    expect(said).toMatch(why);
    expect(said).not.toContain(CANARY);
    const read = await Kubeconfig.read([file('one', content)]);
    expect(() => read.access(undefined)).toThrow(why);
  });

  it('quotes nothing of a file that is no YAML', async () => {
    const path = file('broken', `users:\n  - token: "${CANARY}\n  x: [`);
    const failed = Kubeconfig.read([path]);
    await expect(failed).rejects.toThrow(/broken:\d+: this is no YAML/);
    await expect(failed).rejects.not.toThrow(CANARY);
    await expect(Kubeconfig.read([file('list', '- 1')])).rejects.toThrow(/no kubeconfig/);
    await expect(Kubeconfig.read([join(folder, 'absent')])).rejects.toThrow(/does not exist/);
  });

  it('is looked for where kubectl looks', () => {
    expect(kubeconfigFiles('/x')).toEqual(['/x']);
    expect(kubeconfigFiles(undefined, { KUBECONFIG: `/a${delimiter}${delimiter}/b` })).toEqual([
      '/a',
      '/b',
    ]);
    expect(kubeconfigFiles(undefined, {})[0]).toMatch(/[/\\]\.kube[/\\]config$/);
  });
});

describe('kube:// addresses', () => {
  const names = ['lab', 'default/api-host:6443/user', 'arn:aws:eks:eu-1:1:cluster/prod'];
  const contexts = names.map((name) => ({ name }) as Kubeconfig['contexts'][number]);
  it.each([
    ['kube://lab', 'lab', undefined],
    ['kube://lab/', 'lab', undefined],
    ['kube://lab/win-1', 'lab', 'win-1'],
    ['kube://default/api-host:6443/user', names[1], undefined],
    ['kube://default/api-host:6443/user/win-1', names[1], 'win-1'],
    ['kube://arn:aws:eks:eu-1:1:cluster%2Fprod/win-1', names[2], 'win-1'],
    ['kube://', undefined, undefined],
    ['kube:///win-1', undefined, 'win-1'],
  ])('%s', (text, context, node) => {
    expect(kubeAddress(text, contexts)).toEqual({ context, node });
  });
  it('names the contexts there are', () => {
    expect(() => kubeAddress('kube://nowhere/win-1', contexts)).toThrow(/it has lab, default/);
  });
});
