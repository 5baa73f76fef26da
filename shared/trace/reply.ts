import { fromSwitch } from './network-path';
import type { NodeView } from './node-view';
import { answered, changeText, headerChanges, undone, type PacketHeader } from './packet';
import { ended, isDelivered, type Disposition } from './disposition';
import type { ReplyWay, TraceStep } from './steps';
import { walkPort } from './vfp-walk';
import { onward, passing, setOut, type RuleMark, type Walking } from './walking';

/**
 * The answer's way back of a packet that was delivered: walked from where it arrived, then
 * translated back by the flow. `start` is the node that the packet came from, or, from outside, to.
 */
export function wayBack(
  walking: Walking,
  start: NodeView,
  from: 'node' | 'outside' = 'node',
): ReplyWay | undefined {
  const { end, arrival, header } = walking;
  if (end === undefined || !isDelivered(end)) return undefined;
  if (arrival === undefined) return beyond(walking, end);
  const { view, port } = arrival;
  const answer = setOut(answered({ ...header, encap: [] }), walking.quick, true);
  const out = port === undefined ? [answer] : walkPort(answer, view, port, 'OUT');
  const role = port?.role === 'pod' ? 'pod' : 'host';
  const ways = onward(out, (each) => fromSwitch(each, view, role));
  return judged(walking, ways, start, from);
}

/** It left what the case knows. */
function beyond({ marks }: Walking, end: Disposition): ReplyWay {
  const nat = marks.filter(({ type }) => type === 'dynnat');
  if (nat.length > 0) {
    return {
      status: 'symmetric',
      text: `Answers come to ${nat[0]?.after.sourceIp ?? 'the node'}, and the flow translates them back: ${backText(nat)}.`,
      evidence: [],
      steps: [],
    };
  }
  const [missing] = end.missing;
  return {
    status: 'not-known',
    text:
      missing === undefined
        ? 'The way back is outside of the case.'
        : `The way back needs ${missing.what}.`,
    evidence: [],
    steps: [],
  };
}

const backText = (nat: readonly RuleMark[]): string =>
  nat
    .flatMap(({ after, before }) => headerChanges(answered(after), answered(before)))
    .filter(({ field }) => !field.endsWith('Mac'))
    .map(changeText)
    .join(', ');

const tunnelled = ({ marks }: Walking): boolean =>
  marks.some(({ after }) => after.encap.length > 0);

function judged(
  forth: Walking,
  ways: readonly Walking[],
  start: NodeView,
  from: 'node' | 'outside',
): ReplyWay {
  const [way] = ways;
  if (way === undefined || way.end === undefined)
    return {
      status: 'not-known',
      text: 'The answer has no way that is known.',
      evidence: [],
      steps: [],
    };
  const bad = ways.find(({ end }) => end !== undefined && !isDelivered(end));
  if (bad?.end !== undefined) {
    const status = bad.end.kind === 'insufficient-information' ? 'not-known' : 'lost';
    return {
      status,
      text: `The answer: ${bad.end.text}`,
      evidence: bad.end.evidence,
      steps: bad.steps,
    };
  }
  if (from === 'outside' && way.arrival === undefined) return leftFor(forth, way, start);
  if (way.arrival?.view.snapshot.id !== start.snapshot.id) {
    const last = way.steps.at(-1);
    return {
      status: 'asymmetric',
      text: `The answer does not come back to ${start.snapshot.node} as the packet went: ${way.end.text}`,
      evidence: last?.evidence ?? [],
      steps: way.steps,
    };
  }
  const back = translatedBack(forth, way);
  const same = tunnelled(forth) === tunnelled(way);
  return {
    status: same ? 'symmetric' : 'asymmetric',
    text: same
      ? `The answer comes back the same way${back.text}.`
      : `The packet goes ${tunnelled(forth) ? 'in a tunnel' : 'untunnelled'} and the answer ${tunnelled(way) ? 'in a tunnel' : 'untunnelled'}.`,
    evidence: [],
    steps: [...way.steps, ...back.steps],
  };
}

/** The answer to a packet from outside goes out again: by the node that it came to, or by another one. */
function leftFor(forth: Walking, way: Walking, start: NodeView): ReplyWay {
  const left = way.steps.findLast(({ kind }) => kind === 'wire');
  const node = left?.place.node ?? start.snapshot.node;
  const back = translatedBack(forth, way);
  const same = node === start.snapshot.node;
  return {
    status: same ? 'symmetric' : 'asymmetric',
    text: same
      ? `The answer leaves ${node} as the packet came${back.text}.`
      : `The packet came to ${start.snapshot.node}, and the answer leaves by ${node}${back.text}.`,
    evidence: same ? [] : (left?.evidence ?? []),
    steps: [...way.steps, ...back.steps],
  };
}

/** What the flow pair does to the answer: every translation of the packet, undone in reverse order. */
function translatedBack(
  forth: Walking,
  way: Walking,
): { readonly text: string; readonly steps: readonly TraceStep[] } {
  const place = way.steps.at(-1)?.place;
  const translations = forth.marks
    .filter(({ type }) => ['lbnat', 'nat', 'dynnat'].includes(type))
    .map((mark) => ({
      mark,
      changes: headerChanges(mark.before, mark.after).filter(({ field }) => !field.endsWith('Mac')),
    }))
    .filter(({ changes }) => changes.length > 0)
    .reverse();
  if (place === undefined || translations.length === 0) return { text: '', steps: [] };
  let current: Walking = { ...way, steps: [] };
  for (const { mark, changes } of translations) {
    // The answer has both ends swapped: swap, undo, swap back.
    const after: PacketHeader = {
      ...answered(undone(changes, answered(current.header))),
      tcpFlags: current.header.tcpFlags,
    };
    current = passing(current, 'flow-pair', place, `the flow undoes ${mark.name}`, {
      after,
      evidence: mark.evidence.slice(0, 1),
      assumes: ['flow-pair'],
    });
  }
  const changed = headerChanges(way.header, current.header).map(changeText).join(', ');
  return { text: `, and the flow translates it back (${changed})`, steps: current.steps };
}

/** What an answer that is lost makes of a delivered packet. */
export function lostAnswer(reply: ReplyWay | undefined): Disposition | undefined {
  return reply?.status === 'lost' ? ended('no-route', reply.text, reply.evidence) : undefined;
}
