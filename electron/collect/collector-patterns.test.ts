import { describe, expect, it } from 'vitest';
import { COLLECTOR_SCRIPT } from './collector-command';

/*
 * The script itself cannot run here. Its regular expressions can: they are read from its text, and
 * what they use means the same in .NET and here.
 */
const pattern = (source: string, flags = 'g'): RegExp =>
  new RegExp(source.replaceAll("''", "'").replace(/^\(\?i\)/, ''), `${flags}i`);

const body = (name: string): string =>
  new RegExp(`function ${name} \\{([\\s\\S]*?)\\n {2}\\}\\n`).exec(COLLECTOR_SCRIPT)?.[1] ?? '';

const quoted = (text: string, what: RegExp): string => what.exec(text)?.[1] ?? '';

describe('Hide-Secret', () => {
  const text = body('Hide-Secret');
  const word = quoted(text, /\$Word = '([^']+)'/);
  const steps = [
    ...text
      .replaceAll("' + $Word + '", word)
      .matchAll(/-replace \(?'((?:[^']|'')*)'\)?, '([^']*)'/g),
  ].map(([, from = '', to = '']) => [pattern(from), to] as const);
  const hidden = (line: string): string =>
    steps.reduce((left, [from, to]) => left.replace(from, to), line);

  it.each([
    '"C:\\k\\kubelet.exe" --bootstrap-token CANARY --v=2',
    'kube-proxy.exe --token=CANARY --v=2',
    '    client-key-data: CANARY',
    '  "password": "CANARY",',
    '{"etcd_password":"CANARY","name":"calico"}',
    '  "servicePrincipalClientSecret": "CANARY"',
    'AZURE_ACCESS_KEY=CANARY',
    'Authorization: Bearer CANARY',
    'registry password = CANARY',
    '  password = "CANARY with blanks"',
    "storage_key: 'CANARY with blanks'",
    'agent.exe --client-secret "CANARY with blanks" --v=2',
    'HTTPS_PROXY=http://operator:CANARY@proxy.contoso.com:8080',
    'level=debug msg="sent eyJhbGciOiJSUzI1NiIsCANARY.eyJzdWIiOiJDQU5BUlkiCANARY.c2lnCANARY"',
    'apiKey: CANARY, other: 1',
  ])('blanks %s', (line) => {
    expect(hidden(line)).not.toContain('CANARY');
    expect(hidden(line)).toContain('(removed)');
  });

  it.each([
    '"C:\\k\\kubelet.exe" --kubeconfig=C:\\k\\config --v=6 --cluster-dns=10.96.0.10',
    'I0507 09:30:11.123456    4242 proxier.go:300] "Syncing iptables rules"',
    '{"type":"sdnoverlay","ipMasq":false,"capabilities":{"dns":true}}',
    'Name: Microsoft-Windows-Hyper-V-VmSwitch, Id: 102',
    '{"Subnets":["10.244.0.0/16"],"gateway":"10.244.3.2","url":"https://10.0.0.4:6443/api"}',
  ])('leaves %s', (line) => {
    expect(hidden(line)).toBe(line);
  });
});

describe('Get-KubeFolder', () => {
  const paths = pattern(quoted(body('Select-Path'), /\$Path = '(.+)'$/m));
  const found = (line: string): readonly string[] =>
    [...line.matchAll(paths)].map(([path]) =>
      path.replaceAll('"', '').replaceAll('/', '\\').replaceAll('\\\\', '\\'),
    );
  const folders = body('Get-KubeFolder');
  const [wanted = '', unwanted = '', roots = ''] = [
    ...folders.matchAll(/-(?:not)?match '([^']+)'/g),
  ]
    .map(([, source]) => source)
    .slice(-3);
  const looked = (path: string): boolean =>
    pattern(wanted, '').test(path) &&
    !pattern(unwanted, '').test(path) &&
    !pattern(roots, '').test(path);

  it.each([
    [
      'RKE2',
      '"C:\\var\\lib\\rancher\\rke2\\data\\v1.29.4-rke2r1\\bin\\kubelet.exe" --kubeconfig=C:\\var\\lib\\rancher\\rke2\\agent\\kubelet.kubeconfig',
      [
        'C:\\var\\lib\\rancher\\rke2\\data\\v1.29.4-rke2r1\\bin\\kubelet.exe',
        'C:\\var\\lib\\rancher\\rke2\\agent\\kubelet.kubeconfig',
      ],
    ],
    [
      'a wrapper of services',
      'C:\\k\\nssm.exe C:\\k\\kube-proxy.exe --config="D:\\kube files\\proxy.conf" C:\\k C:\\k\\logs\\kp.err',
      [
        'C:\\k\\nssm.exe',
        'C:\\k\\kube-proxy.exe',
        'D:\\kube files\\proxy.conf',
        'C:\\k',
        'C:\\k\\logs\\kp.err',
      ],
    ],
    ['slashes', '--log-dir=c:/var/log/kubelet,stderr', ['c:\\var\\log\\kubelet']],
    [
      'containerd',
      'conf_dir = "C:\\\\Program Files\\\\containerd\\\\cni\\\\conf"',
      ['C:\\Program Files\\containerd\\cni\\conf'],
    ],
  ])('finds the paths of %s', (_, line, expected) => {
    expect(found(line)).toEqual(expected);
  });

  it('looks below the folders of programs, not through Windows, users or a whole drive', () => {
    const good = ['C:\\k', 'C:\\var\\lib\\rancher\\rke2\\agent', 'C:\\Program Files\\containerd'];
    const bad = [
      'C:\\',
      'C:\\Windows\\System32',
      'C:\\Users\\op',
      'C:\\var\\lib',
      'C:\\ProgramData',
    ];
    expect(good.filter(looked)).toEqual(good);
    expect(bad.filter(looked)).toEqual([]);
  });
});
