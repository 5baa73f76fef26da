import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../model/finding';
import { scenario } from '../synthetic/scenarios';
import { analysisDocument, analysisJson } from './analysis-document';
import { reportHtml } from './html';
import { escaped, markup } from './markup';
import { renderedReport } from './rendered-report';
import type { ReportInput } from './report-input';
import { analysisSarif } from './sarif';
import { sha256Base64 } from './sha256';
import { analysisText } from './text';
import { reportOf } from './testing/report-of';

const NOW = Date.UTC(2024, 4, 14, 10);
const broken = reportOf(scenario('broken-services-overlay').bundle());
const healthy = reportOf(scenario('healthy-l2bridge').bundle());
const html = (input: ReportInput): string => [...reportHtml(input, NOW)].join('');

const schema: unknown = JSON.parse(readFileSync('docs/analysis.schema.json', 'utf8'));
const validate = new Ajv({ allErrors: true, formats: { 'date-time': true } }).compile(
  schema as object,
);

/** A report in which every field that a bundle can fill holds this text. */
function filledWith(text: string): ReportInput {
  const input = reportOf(
    new Map([
      [
        'network.txt',
        JSON.stringify([
          {
            Id: 'b3f7f1a4-4a5e-4b0d-9d0f-2f6b6f6b1b11',
            Name: text,
            Type: 'L2Bridge',
            Subnets: [{ AddressPrefix: '10.244.1.0/24' }],
          },
        ]),
      ],
      [
        'endpoint.txt',
        JSON.stringify([
          {
            Id: 'c3f7f1a4-4a5e-4b0d-9d0f-2f6b6f6b1b12',
            Name: text,
            VirtualNetworkName: text,
            IPAddress: '10.244.1.5',
            VirtualNetwork: 'b3f7f1a4-4a5e-4b0d-9d0f-2f6b6f6b1b11',
          },
        ]),
      ],
      [`${text.replaceAll('/', '_')}.txt`, `${text}\nunknown ${text}\n`],
    ]),
  );
  const [snapshot] = input.case.nodes.flatMap((node) => node.snapshots);
  if (snapshot === undefined) throw new Error('no snapshot');
  const finding: Finding = {
    ruleId: 'TEST-RULE',
    aliases: [],
    severity: 'error',
    step: 6,
    title: text,
    node: snapshot.node,
    snapshotId: snapshot.id,
    summary: text,
    cause: text,
    remedy: [
      {
        text,
        command: text,
        disturbs: text,
        verify: { kind: 'command', command: text, shows: text },
      },
      { text, verify: { kind: 'observation', text } },
    ],
    causedBy: null,
    entities: [{ kind: 'network', id: text, name: text }],
    evidence: snapshot.files.map(({ file }) => ({ file: file.path, line: 1, endLine: 1 })),
    references: [text, `https://example.com/${text}`],
  };
  return {
    ...input,
    findings: [finding, { ...finding, causedBy: 0 }],
    checks: [
      {
        ruleId: text,
        node: snapshot.node,
        snapshotId: snapshot.id,
        step: 6,
        status: 'not-checked',
        because: 'needs-evidence',
        reason: text,
        missing: [{ what: text, command: text, where: 'node' }],
      },
    ],
    rejected: [{ path: text, reason: text }],
  };
}

describe('the JSON', () => {
  it.each([
    ['a broken node', broken],
    ['a healthy node', healthy],
    [
      'two nodes',
      reportOf(scenario('healthy-l2bridge').bundle(), scenario('broken-dns-overlay').bundle()),
    ],
    ['nothing', { ...healthy, case: { ...healthy.case, nodes: [] }, findings: [], checks: [] }],
    ['hostile text', filledWith('"}],\u2028</script>')],
  ])('of %s follows its schema', (_, input) => {
    const valid = validate(JSON.parse(analysisJson(input)));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('names the cause with its line and its text as the file holds it', () => {
    const { findings, nodes } = analysisDocument(broken);
    expect(nodes[0]).toMatchObject({
      name: 'win-9p1xz4ct8rb',
      networkMode: 'overlay',
      counts: { endpoints: 11, loadBalancers: 6 },
    });
    expect(findings[0]).toMatchObject({
      ruleId: 'HNS-ORPHAN-LB-ENDPOINT',
      severity: 'error',
      causedBy: null,
    });
    const [evidence] = findings[0]?.evidence ?? [];
    expect(evidence?.file).toBe('policy.txt');
    const lines =
      scenario('broken-services-overlay').bundle().get('policy.txt')?.split(/\r?\n/) ?? [];
    expect(evidence?.excerpt).toBe(lines[(evidence?.line ?? 0) - 1]);
  });

  it('is equal for equal input', () => {
    expect(analysisJson(reportOf(scenario('broken-services-overlay').bundle()))).toBe(
      analysisJson(broken),
    );
  });

  it('gives paths as the bundle has them, also with several nodes', () => {
    const input = reportOf(scenario('healthy-l2bridge').bundle());
    const [node] = input.case.nodes;
    const [snapshot] = node?.snapshots ?? [];
    if (node === undefined || snapshot === undefined) throw new Error('no snapshot');
    const files = snapshot.files.map((parsed) => ({
      ...parsed,
      file: { ...parsed.file, path: `win/${parsed.file.path}` },
    }));
    const prefixed = {
      ...input,
      case: {
        ...input.case,
        nodes: [{ ...node, snapshots: [{ ...snapshot, pathPrefix: 'win/', files }] }],
      },
    };
    expect(analysisDocument(prefixed).nodes[0]?.files.map((file) => file.path)).toEqual(
      snapshot.files.map((parsed) => parsed.file.path),
    );
  });
});

describe('secrets', () => {
  const CANARY = 'CANARYx7Qp9ZtR4sVw2yB8nK3mL6';
  const bundle = new Map(
    [...scenario('broken-services-overlay').bundle()].map(([path, text]) => [path, text] as const),
  );
  const log = bundle.get('kubelet.log') ?? '';
  bundle.set(
    'kubelet.log',
    `${log}\nE0514 09:19:30.000000    2648 token.go:1] failed, token=${CANARY}\n`,
  );
  bundle.set(
    'kubeconfig',
    `apiVersion: v1\nkind: Config\nusers:\n- name: x\n  user:\n    client-key-data: ${CANARY}\n    token: ${CANARY}\n`,
  );
  const input = reportOf(bundle);
  const snapshotId = input.case.nodes[0]?.snapshots[0]?.id ?? '';
  const [first] = input.findings;
  const lines = log.split('\n').length + 1;
  const quoting: Finding[] =
    first === undefined
      ? []
      : [
          {
            ...first,
            snapshotId,
            title: `failed, token=${CANARY}`,
            summary: `password: ${CANARY}`,
            cause: `Authorization: Bearer ${CANARY}`,
            evidence: [
              { file: 'kubelet.log', line: lines, endLine: lines },
              { file: 'kubeconfig', line: 1, endLine: 7 },
              { file: 'kubeconfig', line: 5, endLine: 5 },
            ],
          },
        ];

  it.each(['text', 'json', 'sarif', 'html'] as const)('never reach the %s', (format) => {
    const text = [...renderedReport({ ...input, findings: quoting }, format, NOW)].join('');
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(CANARY);
  });
});

describe('the text', () => {
  it('fits a ticket: verdict first, 100 columns, the cause with its evidence', () => {
    const text = analysisText(broken);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.length > 100 && !line.trim().startsWith('>'))).toEqual([]);
    expect(lines.findIndex((line) => line.includes('a backend is gone'))).toBeLessThan(10);
    expect(text).toMatch(/policy\.txt:\d+/);
    expect(text).toMatch(/What to do:/);
  });

  it('shows a long message to its end, where the call and its code stand', () => {
    const message = `Failed create pod sandbox: rpc error: code = Unknown desc = [failed to set up sandbox container "${'5a4a06b6983a52f6'.repeat(4)}" network for pod "shetland": NetworkPlugin cni failed to set up pod "shetland_default" network: error while ProvisionEndpoint(${'5a4a06b6983a52f6'.repeat(4)}_l2bridge,359CAE70-8CA4-4143-A42B-42644CF04022,${'5a4a06b6983a52f6'.repeat(4)}): failed to create the new HNSEndpoint: hnsCall failed in Win32: The object already exists. (0x1392)`;
    const text = analysisText(reportOf(new Map([['events.txt', `${message}\n`]])));
    expect(text).toContain('| Failed create pod sandbox: rpc error');
    expect(text.replace(/\n\s*\| /g, ' ')).toContain('The object already exists. (0x1392)');
    expect(text.split('\n').filter((line) => line.length > 100 && !/^ *>/.test(line))).toEqual([]);
  });

  it('of a healthy node says how much was looked at and claims no more', () => {
    const text = analysisText(healthy);
    expect(text).toMatch(/No fault found\n\d+ checks were made/);
    expect(text).not.toMatch(/ERROR|WARNING/);
  });

  it('says what is missing and the command that makes it', () => {
    const bare = new Map(
      [...scenario('healthy-l2bridge').bundle()].filter(([path]) => path === 'network.txt'),
    );
    const text = analysisText(reportOf(bare));
    expect(text).toMatch(/NOT CHECKED/);
    expect(text).toMatch(/> Get-HnsEndpoint/);
  });

  it('obeys no control characters of a bundle', () => {
    const text = analysisText(filledWith('\u001b[31mred\u202Eevil\u0007'));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain('<U+001B>');
    expect(text).toContain('<U+202E>');
  });
});

describe('SARIF', () => {
  it('places each result on its lines, with a rule behind it', () => {
    const log = JSON.parse(analysisSarif(broken)) as {
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          locations: {
            physicalLocation: {
              artifactLocation: { uri: string };
              region: { startLine: number; endLine: number };
            };
          }[];
        }[];
      }[];
    };
    const [run] = log.runs;
    expect(run?.results).toHaveLength(broken.findings.length);
    for (const result of run?.results ?? []) {
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(['error', 'warning', 'note']).toContain(result.level);
      for (const { physicalLocation } of result.locations) {
        expect(physicalLocation.artifactLocation.uri).not.toMatch(/[ \\]/);
        expect(physicalLocation.region.endLine).toBeGreaterThanOrEqual(
          physicalLocation.region.startLine,
        );
      }
    }
  });
});

describe('the HTML', () => {
  it('stands by itself: loads nothing, runs nothing, its policy names exactly its style', () => {
    const page = html(broken);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri`,
    );
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|form|base)\b/i);
    expect(page).not.toMatch(/\sstyle=|\son\w+=|url\(|@import/i);
    expect(
      [...page.matchAll(/href="([^"]*)"/g)]
        .map((match) => match[1])
        .filter((url) => !/^(#|https:\/\/)/.test(url ?? '')),
    ).toEqual([]);
  });

  it('holds verdict, cause, evidence with its line, steps, paths, graph, tables and files', () => {
    const page = html(broken);
    const order = [
      'class="card verdict error"',
      'policy.txt:',
      'HNS-ORPHAN-LB-ENDPOINT',
      '<h2>Steps</h2>',
      '<h2>Symptom paths</h2>',
      '<svg ',
      '<h2>Objects</h2>',
      '<h2>Files</h2>',
    ];
    const places = order.map((text) => page.indexOf(text));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(page).toContain('endpoint does not exist');
  });

  it.each([
    '</style><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<!-- ]]> <svg/onload=alert(1)>',
    "$& $1 $` $' %s ${x}",
    'javascript:alert(1)',
    '&lt;script&gt;',
    '\u202Egnp.exe\u200b\u0000\ud800',
  ])('keeps %j as text in every field', (hostile) => {
    const page = html(filledWith(hostile));
    const tags = page.replace(/<style>[\s\S]*<\/style>/, '').replace(/"[^"]*"/g, '""');
    expect(tags).not.toMatch(/<(script|img|svg\/)|<[^>]*\son\w+=/i);
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).not.toMatch(/href="javascript/i);
    expect(page).not.toMatch(/[\u202e\u200b\u0000]/);
    expect(page).toContain(escaped(hostile));
  });

  it('shows marks that reorder or hide text by their code', () => {
    expect(escaped('a\u202Eb\u200bc')).toBe('a[U+202E]b[U+200B]c');
    expect(markup`<p title="${'"<&>\''}">${['x', undefined, 3]}</p>`.text).toBe(
      '<p title="&quot;&lt;&amp;&gt;&#39;">x3</p>',
    );
  });

  it('is balanced markup', () => {
    for (const input of [broken, healthy, filledWith('<b>')]) {
      const open: string[] = [];
      for (const [, close, name = '', attributes = ''] of html(input)
        .replace(/<style>[\s\S]*?<\/style>/, '')
        .matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi)) {
        if (/^(meta|br|path|rect)$/.test(name) || attributes.endsWith('/')) continue;
        if (close === '/') expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
    }
  });
});

describe('SHA-256', () => {
  it.each(['', 'abc', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), 'ü'.repeat(1000)])(
    'of %j is the one of the standard',
    (text) => {
      expect(sha256Base64(text)).toBe(createHash('sha256').update(text).digest('base64'));
    },
  );
});
