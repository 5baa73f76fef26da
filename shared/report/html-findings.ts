import { placeText } from '../model/evidence';
import type { Finding, Severity, Verification } from '../model/finding';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { blankSecretsInLine } from '../secrets/blank-secrets';
import type { Excerpt, Excerpts } from './excerpt';
import { markup, type Markup } from './markup';
import { STEP_TITLES } from '../model/step-titles';

const WORD: Readonly<Record<Severity, string>> = {
  error: '✕ Error',
  warning: '▲ Warning',
  info: 'Note',
};

export const tag = (tone: string, text: string): Markup =>
  markup`<span class="tag ${tone}">${text}</span>`;

const safe = (text: string): string => blankSecretsInLine(text);

/** Findings of a snapshot, each cause with what it explains below it. */
export function findingsHtml(
  all: readonly Finding[],
  snapshot: NodeSnapshot,
  excerpts: Excerpts,
): Markup {
  const own = all
    .map((finding, index) => ({ finding, index }))
    .filter(({ finding }) => finding.snapshotId === snapshot.id);
  const roots = own.filter(({ finding }) => finding.causedBy === null);
  if (roots.length === 0) return markup`<p>No finding.</p>`;
  return markup`${roots.map(({ finding, index }) => {
    const explained = own
      .filter((each) => each.finding.causedBy === index)
      .map((each) => each.finding);
    return markup`<article class="card finding ${finding.severity}">${findingBody(finding, snapshot, excerpts)}${explainedHtml(explained, snapshot, excerpts)}</article>`;
  })}`;
}

function explainedHtml(
  explained: readonly Finding[],
  snapshot: NodeSnapshot,
  excerpts: Excerpts,
): Markup | undefined {
  if (explained.length === 0) return undefined;
  return markup`<div class="caps">This explains</div>${explained.map(
    (finding) =>
      markup`<details><summary>${tag(finding.severity, WORD[finding.severity])}${safe(finding.title)}</summary>${findingDetails(finding, snapshot, excerpts)}</details>`,
  )}`;
}

function findingBody(finding: Finding, snapshot: NodeSnapshot, excerpts: Excerpts): Markup {
  return markup`<h3>${tag(finding.severity, WORD[finding.severity])}${safe(finding.title)}</h3>${findingDetails(finding, snapshot, excerpts)}`;
}

function findingDetails(finding: Finding, snapshot: NodeSnapshot, excerpts: Excerpts): Markup {
  const paragraph = (label: string, text: string): Markup | undefined =>
    text.trim() === ''
      ? undefined
      : markup`<p>${label === '' ? undefined : markup`<span class="dim">${label} </span>`}${safe(text)}</p>`;
  const evidence = finding.evidence
    .slice(0, 12)
    .map((each) => excerptHtml(excerpts.of(each, snapshot)));
  const left = finding.evidence.length - evidence.length;
  return markup`${paragraph('', finding.summary)}${paragraph('Cause:', finding.cause)}
${evidence.length === 0 ? undefined : markup`<div class="caps">Evidence</div>${evidence}${left > 0 ? markup`<p class="dim">and ${left} more places</p>` : undefined}`}
${remedyHtml(finding)}
${finding.references.length === 0 ? undefined : markup`<p class="dim">See ${finding.references.map((url, i) => markup`${i > 0 ? ', ' : ''}${reference(url)}`)}</p>`}
<p class="dim">Step ${finding.step}, ${STEP_TITLES[finding.step]} · <span class="mono">${finding.ruleId}</span></p>`;
}

/** Only web addresses become links; anything else stays text. */
function reference(url: string): Markup {
  return /^https:\/\//.test(url)
    ? markup`<a href="${url}" rel="noreferrer">${url}</a>`
    : markup`${url}`;
}

function remedyHtml(finding: Finding): Markup | undefined {
  if (finding.remedy.length === 0) return undefined;
  return markup`<div class="caps">What to do</div><ol>${finding.remedy.map(
    (remedy) =>
      markup`<li>${safe(remedy.text)}${remedy.command === undefined ? undefined : markup`<pre class="cmd">${remedy.command}</pre>`}${
        remedy.disturbs === undefined
          ? undefined
          : markup`<p class="dim">Disturbs: ${remedy.disturbs}</p>`
      }${remedy.verify === undefined ? undefined : verifyHtml(remedy.verify)}</li>`,
  )}</ol>`;
}

function verifyHtml(verify: Verification): Markup {
  if (verify.kind === 'observation')
    return markup`<p class="dim">Check afterwards: ${verify.text}</p>`;
  return markup`<p class="dim">Check afterwards:</p><pre class="cmd">${verify.command}</pre>${verify.shows === undefined ? undefined : markup`<p class="dim">It ${verify.shows}.</p>`}`;
}

/** Evidence in its place: the lines themselves marked, a few around them for reading. */
export function excerptHtml(excerpt: Excerpt): Markup {
  const { line, endLine, lines, before, after, more } = excerpt;
  const place = placeText(excerpt);
  if (lines.length === 0) return markup`<p class="mono">${place}</p>`;
  const indent = commonIndent([...before, ...lines, ...after]);
  const row = (text: string, n: number, marked: boolean): Markup =>
    markup`<span class="l${marked ? ' m' : ''}"><b>${n}</b><span>${text.slice(indent) || ' '}</span></span>`;
  const rest =
    more > 0
      ? markup`<span class="l m"><b></b><span class="dim">… ${more} more lines</span></span>`
      : undefined;
  return markup`<p class="mono">${place}</p><pre>${before.map((text, i) => row(text, line - before.length + i, false))}${lines.map(
    (text, i) => row(text, line + i, true),
  )}${rest}${after.map((text, i) => row(text, endLine + 1 + i, false))}</pre>`;
}

/** Deep JSON stands far to the right; blanks that all lines share are left away. */
function commonIndent(lines: readonly string[]): number {
  const indents = lines.filter((text) => text.trim() !== '').map((text) => text.search(/\S/));
  return indents.length === 0 ? 0 : Math.min(...indents);
}
