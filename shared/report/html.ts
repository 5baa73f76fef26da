import { symptomChains } from '../chains/symptom-chains';
import type { SymptomChain } from '../chains/chain';
import { fileGuide } from '../bundles/file-guide';
import { hnsGraph } from '../graph/hns-graph';
import { viewContext, type ViewContext } from '../inspect/view-context';
import type { CheckResult } from '../model/finding';
import { blankSecretsInLine } from '../secrets/blank-secrets';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { TABLES } from '../tables';
import type { Table } from '../tables/table';
import { snapshotSummary, type SnapshotSummary } from '../views/snapshot-summary';
import { bundlePath, Excerpts } from './excerpt';
import { graphSvg } from './graph-svg';
import { excerptHtml, findingsHtml, tag } from './html-findings';
import { markup, type Markup } from './markup';
import { REPORT_STYLE } from './report-style';
import { snapshotsOf, type ReportInput } from './report-input';
import { tracesHtml } from './html-traces';
import { sha256Base64 } from './sha256';
import { STEP_TITLES } from '../model/step-titles';

/** Rows of a table that the report prints; the app and the JSON hold all. */
const MAX_ROWS = 400;
const safe = (text: string): string => blankSecretsInLine(text);

const REPORT_TABLES: readonly (readonly [keyof typeof TABLES, string])[] = [
  ['networks', 'Networks'],
  ['endpoints', 'Endpoints'],
  ['load-balancers', 'Load balancers'],
  ['namespaces', 'Namespaces'],
  ['compartments', 'Compartments and adapters'],
  ['routes', 'Routes'],
  ['vfp-ports', 'VFP ports'],
  ['contradictions', 'Contradictions between files'],
];

/**
 * The report as one HTML file that stands by itself: it loads nothing, runs no scripts (its policy
 * forbids both), and reads, prints and opens anywhere. All text of the bundle is escaped; secrets are
 * blanked. `now` is printed as the time of the report.
 */
export function* reportHtml(input: ReportInput, now: number): Generator<string> {
  const snapshots = snapshotsOf(input.case);
  const excerpts = new Excerpts(input.case);
  const title = `${snapshots.map((snapshot) => snapshot.node).join(', ') || 'no node'} - network report`;
  const policy = `default-src 'none'; style-src 'sha256-${sha256Base64(REPORT_STYLE)}'; base-uri 'none'; form-action 'none'`;
  yield markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${title}</title>
`.text;
  yield `<style>${REPORT_STYLE}</style></head>\n<body>`;
  yield markup`<header class="top"><p class="dim">HNS Workbench · report of ${isoMinute(now)}</p>${snapshots.length > 1 ? contents(input, snapshots) : undefined}</header><main>`
    .text;
  for (const [index, snapshot] of snapshots.entries())
    yield* snapshotHtml(input, snapshot, index, excerpts);
  if (snapshots.length === 0) yield markup`<p>No node was found in what was opened.</p>`.text;
  yield otherFiles(input).text;
  yield markup`</main><footer>${input.tool.name} ${input.tool.version}. Everything in this report comes from the files named in it; nothing was sent anywhere. Secrets that were recognised are blanked.</footer></body></html>
`.text;
}

const isoMinute = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function contents(input: ReportInput, snapshots: readonly NodeSnapshot[]): Markup {
  return markup`<ul>${snapshots.map((snapshot, i) => {
    const { verdict, collectedAt } = snapshotSummary(snapshot, input.findings, input.checks);
    return markup`<li><a href="#s${i}">${snapshot.node}${collectedAt === undefined ? '' : `, ${isoMinute(collectedAt)}`}</a>: ${safe(verdict.title)}</li>`;
  })}</ul>`;
}

function* snapshotHtml(
  input: ReportInput,
  snapshot: NodeSnapshot,
  index: number,
  excerpts: Excerpts,
): Generator<string> {
  const summary = snapshotSummary(snapshot, input.findings, input.checks);
  const context = viewContext(snapshot, input.case, input.findings);
  const id = (part: string): string => `s${index}-${part}`;
  const section = (part: string, heading: string, body: Markup): string =>
    markup`<section id="${id(part)}"><h2>${heading}</h2>${body}</section>\n`.text;
  yield markup`<section id="s${index}"${index > 0 ? markup` class="page"` : ''}>${head(snapshot, summary, input.sampleNote)}
<nav>${[
    ['findings', 'Findings'],
    ['steps', 'Steps'],
    ['chains', 'Symptoms'],
    ['traces', 'Traces'],
    ['graph', 'HNS graph'],
    ['objects', 'Objects'],
    ['files', 'Files'],
  ].map(([part = '', text = '']) => markup`<a href="#${id(part)}">${text}</a>`)}</nav></section>
`.text;
  yield section('findings', 'Findings', findingsHtml(input.findings, snapshot, excerpts));
  yield section(
    'steps',
    'Steps',
    markup`<div class="steps">${stepsHtml(input, snapshot, summary)}</div>`,
  );
  const chains = chainsHtml(input, snapshot, excerpts);
  if (chains !== undefined) yield section('chains', 'Symptom paths', chains);
  const traces = tracesHtml(input, snapshot);
  if (traces !== undefined) yield section('traces', 'Traces', traces);
  yield section('graph', 'HNS graph', graphHtml(context));
  yield section(
    'objects',
    'Objects',
    markup`${REPORT_TABLES.map(([table, name]) => tableHtml(context, TABLES[table], name))}`,
  );
  yield section('files', 'Files', filesHtml(snapshot));
}

function head(
  snapshot: NodeSnapshot,
  summary: SnapshotSummary,
  sampleNote: string | undefined,
): Markup {
  const { verdict, counts } = summary;
  const collected =
    summary.collectedAt === undefined
      ? 'time of collection not known'
      : `collected ${isoMinute(summary.collectedAt)} (${summary.collectedAtSource ?? ''})`;
  const facts = [
    summary.address,
    summary.os,
    summary.modeText,
    collected,
    `${counts.filesRead} of ${counts.files} files read`,
    `${counts.checksMade} of ${counts.checksTotal} checks made`,
    sampleNote,
  ];
  const icon =
    verdict.tone === 'error'
      ? '✕ '
      : verdict.tone === 'warning'
        ? '▲ '
        : verdict.tone === 'ok'
          ? '✓ '
          : '';
  return markup`<h1>${snapshot.node}${snapshot.nameGuessed ? markup` <span class="dim">(named after its folder or archive)</span>` : undefined}</h1>
<div class="facts">${facts.flatMap((fact) => (fact === undefined ? [] : [markup`<span>${fact}</span>`]))}</div>
<p class="dim">${safe(summary.modeReason)}</p>
<div class="card verdict ${verdict.tone}"><strong>${icon === '' ? undefined : markup`<span class="mark">${icon}</span>`}${safe(verdict.title)}</strong><p>${safe(verdict.detail)}</p></div>`;
}

function stepsHtml(input: ReportInput, snapshot: NodeSnapshot, summary: SnapshotSummary): Markup {
  const own = input.checks.filter((check) => check.snapshotId === snapshot.id);
  const titles = new Map(input.rules.map((rule) => [rule.id, rule.title]));
  return markup`${summary.steps.map((status) => {
    const checks = own.filter((check) => check.step === status.step);
    const count = (n: number, tone: string, text: string): Markup | undefined =>
      n === 0 ? undefined : tag(tone, `${n} ${text}`);
    const of = (wanted: (check: CheckResult) => boolean): readonly CheckResult[] =>
      checks.filter(wanted);
    const counts = [
      count(status.errors, 'error', status.errors === 1 ? 'error' : 'errors'),
      count(status.warnings, 'warning', status.warnings === 1 ? 'warning' : 'warnings'),
      count(status.infos, 'info', status.infos === 1 ? 'note' : 'notes'),
      count(status.passed, 'passed', 'passed'),
      count(status.notChecked, 'not-checked', 'not checked'),
    ];
    const none = checks.length === 0 ? markup`<span class="dim">no checks</span>` : undefined;
    return markup`<details class="card"><summary><b>${status.step} ${STEP_TITLES[status.step]}</b> ${counts}${none}</summary>
${checkList(
  'Found',
  of((check) => check.status === 'fired'),
  titles,
)}
${checkList(
  'Passed',
  of((check) => check.status === 'passed'),
  titles,
)}
${checkList(
  'Not checked',
  of((check) => check.status === 'not-checked' && check.because !== 'does-not-apply'),
  titles,
)}
${checkList(
  'Does not apply',
  of((check) => check.because === 'does-not-apply'),
  titles,
)}</details>`;
  })}`;
}

function checkList(
  title: string,
  checks: readonly CheckResult[],
  titles: ReadonlyMap<string, string>,
): Markup | undefined {
  if (checks.length === 0) return undefined;
  return markup`<div class="caps">${title}</div><ul>${checks.map(
    (check) =>
      markup`<li>${titles.get(check.ruleId) ?? check.ruleId} <span class="mono dim">${check.ruleId}</span><br><span class="dim">${safe(check.reason)}</span>${check.missing.map(
        (missing) => markup`<pre class="cmd">${missing.command}</pre>`,
      )}</li>`,
  )}</ul>`;
}

const CHAIN_WORD = { ok: '✓', error: '✕', warning: '▲', 'not-checked': '◌' } as const;

/** The symptom paths, broken ones open and first. */
function chainsHtml(
  input: ReportInput,
  snapshot: NodeSnapshot,
  excerpts: Excerpts,
): Markup | undefined {
  const chains = symptomChains(snapshot, input.case, input);
  if (chains.length === 0) return undefined;
  const isBroken = (chain: SymptomChain): boolean =>
    chain.status === 'error' || chain.status === 'warning';
  const broken = chains.filter(isBroken);
  const others = chains.filter((chain) => !isBroken(chain));
  return markup`${broken.map((chain) => markup`<article class="card"><h3>${safe(chain.title)}</h3>${chainBody(chain, snapshot, excerpts)}</article>`)}<div class="steps">${others.map(
    (chain) =>
      markup`<details class="card"><summary><b>${safe(chain.title)}</b> ${chainTag(chain)}</summary>${chainBody(chain, snapshot, excerpts)}</details>`,
  )}</div>`;
}

const chainTag = (chain: SymptomChain): Markup =>
  tag(chain.status, `${CHAIN_WORD[chain.status]} ${chain.status.replace('-', ' ')}`);

function chainBody(chain: SymptomChain, snapshot: NodeSnapshot, excerpts: Excerpts): Markup {
  const broken = chain.links.filter((link) => link.status === 'error' || link.status === 'warning');
  return markup`<p>${chainTag(chain)}${safe(chain.headline)}</p>
<ol class="chain">${chain.links.map((link) => markup`<li class="${link.status}"><b>${CHAIN_WORD[link.status]} ${safe(link.title)}</b><br><span>${safe(link.detail)}</span></li>`)}</ol>
${broken.map((link) => link.evidence.slice(0, 3).map((evidence) => excerptHtml(excerpts.of(evidence, snapshot))))}
${broken.length === 0 || chain.causes.length === 0 ? undefined : markup`<div class="caps">When can this happen</div><ul>${chain.causes.map((cause) => markup`<li>${cause}</li>`)}</ul>`}`;
}

function graphHtml(context: ViewContext): Markup {
  const graph = hnsGraph(context, {
    show: 'all',
    locality: 'all',
    focus: null,
    expanded: [],
    filter: '',
  });
  if (graph.nodes.length === 0)
    return markup`<p class="dim">No HNS objects in what was collected.</p>`;
  return markup`<p class="dim">${graph.counts}${graph.note === undefined ? '' : `. ${graph.note}`}</p><div class="card scroll">${graphSvg(graph)}</div>`;
}

function tableHtml(context: ViewContext, table: Table, name: string): Markup | undefined {
  const source = table.rows(context, undefined);
  if (source.count === 0) {
    return name.startsWith('Contradictions')
      ? undefined
      : markup`<details><summary><b>${name}</b> <span class="dim">none</span></summary><p class="dim">${table.empty.text}</p></details>`;
  }
  const rows = Array.from({ length: Math.min(source.count, MAX_ROWS) }, (_, i) => source.row(i));
  const left = source.count - rows.length;
  const align = (i: number): string => (table.columns[i]?.align === 'end' ? 'end' : '');
  return markup`<details><summary><b>${name}</b> <span class="dim">${source.count}</span></summary><div class="scroll"><table><thead><tr>${table.columns.map(
    (column, i) => markup`<th class="${align(i)}">${column.title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      markup`<tr>${row.cells.map((cell, i) => markup`<td class="${align(i)} ${cell.tone ?? ''} ${table.columns[i]?.mono === true ? 'mono' : ''}">${safe(cell.text)}</td>`)}</tr>`,
  )}</tbody></table></div>${left > 0 ? markup`<p class="dim">and ${left} more</p>` : undefined}</details>`;
}

const STATUS_TONE = {
  parsed: 'ok',
  partial: 'warning',
  unrecognised: 'dim',
  empty: 'dim',
  binary: 'dim',
} as const;

function filesHtml(snapshot: NodeSnapshot): Markup {
  return markup`<div class="scroll"><table class="files"><thead><tr><th>File</th><th>What it is</th><th>Encoding</th><th class="end">Bytes</th><th>Read</th></tr></thead><tbody>${snapshot.files.map(
    (parsed) => {
      const { file } = parsed;
      const guide = fileGuide(file.path);
      const unread = parsed.unread
        .slice(0, 5)
        .map((range) => `lines ${range.line} to ${range.endLine} not read`);
      const notes = [
        ...unread,
        ...parsed.notes.slice(0, 5).map((note) => `line ${note.line}: ${safe(note.message)}`),
      ];
      return markup`<tr><td class="mono">${bundlePath(file.path, snapshot)}</td><td>${parsed.kinds.length > 0 ? parsed.title : (guide?.what ?? parsed.title)}<br><span class="mono dim">${parsed.command ?? guide?.command ?? ''}</span></td><td>${file.encoding}</td><td class="end">${file.originalBytes.toLocaleString('en-US')}</td><td class="${STATUS_TONE[parsed.status]}">${parsed.status}${notes.map((note) => markup`<br><span class="dim">${note}</span>`)}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

/** What belongs to no node: evidence of the cluster, and what was left out. */
function otherFiles(input: ReportInput): Markup {
  const own = new Set(snapshotsOf(input.case).flatMap((snapshot) => snapshot.files));
  const cluster = input.case.cluster.files.filter((file) => !own.has(file));
  return markup`${cluster.length === 0 ? undefined : markup`<section><h2>Evidence of the cluster</h2><ul>${cluster.map((file) => markup`<li><span class="mono">${file.file.path}</span> ${file.title}</li>`)}</ul></section>`}
${input.rejected.length === 0 ? undefined : markup`<section><h2>Left out</h2><ul>${input.rejected.slice(0, 200).map(({ path, reason }) => markup`<li><span class="mono">${path}</span>: ${reason}</li>`)}</ul></section>`}`;
}
