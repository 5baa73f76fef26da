import { flowOfChain } from '../chains/chain-flow';
import { brokenLink, type SymptomChain } from '../chains/chain';
import { symptomChains } from '../chains/symptom-chains';
import { blankSecretsInLine } from '../secrets/blank-secrets';
import type { NodeSnapshot } from '../snapshot/node-snapshot';
import { isDelivered } from '../trace/disposition';
import type { FlowQuestion } from '../trace/flow';
import { storyboard } from '../trace/storyboard';
import { tracePacket, verdictOf } from '../trace/trace';
import { shownText } from '../views/trace/plain-text';
import { markup, type Markup } from './markup';
import type { ReportInput } from './report-input';
import { storyboardSvg } from './storyboard-svg';

/** Traces of broken symptom paths that are drawn; the app traces all. */
const MOST_PATHS = 6;
const safe = (text: string): string => blankSecretsInLine(shownText(text));

/** The packets of the broken symptom paths, and those that the user chose, each as a storyboard. */
export function tracesHtml(input: ReportInput, snapshot: NodeSnapshot): Markup | undefined {
  const broken = symptomChains(snapshot, input.case, input)
    .filter(({ status }) => status === 'error' || status === 'warning')
    .slice(0, MOST_PATHS)
    .flatMap((chain) => {
      const flow = flowOfChain(chain, snapshot, input.case);
      return flow === undefined ? [] : [{ flow, chain }];
    });
  const known = new Set(broken.map(({ flow }) => JSON.stringify(flow)));
  const pinned = (input.pinned ?? []).filter(
    ({ snapshotId, question }) =>
      snapshotId === snapshot.id && !known.has(JSON.stringify(question)),
  );
  const all = [
    ...broken.map(({ flow, chain }) => articleOf(flow, chain, input)),
    ...pinned.map(({ question }) => articleOf(question, undefined, input)),
  ].flatMap((each) => each ?? []);
  if (all.length === 0) return undefined;
  return markup`<p class="dim">One packet each, followed through the collected rules; nothing was sent.</p><div class="stories">${all}</div>`;
}

function articleOf(
  question: FlowQuestion,
  chain: SymptomChain | undefined,
  input: ReportInput,
): Markup | undefined {
  const result = tracePacket(question, input.case);
  if (result.kind === 'problem') return undefined;
  const { trace } = result;
  const lost = trace.branches.findIndex(({ disposition }) => !isDelivered(disposition));
  const story = storyboard(trace, Math.max(0, lost));
  const doubts = new Set(
    trace.branches
      .flatMap(({ steps }) => [...trace.steps, ...steps])
      .flatMap(({ remarks }) => remarks.filter((remark) => remark.startsWith('HNS '))),
  );
  return markup`<article class="card"><h3>${safe(chain?.title ?? `${question.from} → ${question.to}`)}</h3><p>${safe(verdictOf(trace))}</p>${[...doubts].map((doubt) => markup`<p>▲ ${safe(doubt)}</p>`)}${beside(chain, trace.delivered)}${story === undefined ? undefined : markup`<div class="scroll">${storyboardSvg(story)}</div>`}</article>`;
}

/** What the path says, where the trace says otherwise. */
function beside(chain: SymptomChain | undefined, delivered: boolean): Markup | undefined {
  const link = chain && brokenLink(chain);
  if (link === undefined || !delivered) return undefined;
  return markup`<p class="dim">The symptom path is broken at “${link.title}” (${safe(link.detail)}); this packet arrives all the same.</p>`;
}
