import type { TraceColumn, TraceStop } from '../../ipc/trace-schemas';
import { shortGuid } from '../../model/ids';
import type { Case } from '../../snapshot/node-snapshot';
import type { PacketHeader } from '../../trace/packet';
import { isShown, type Depth } from '../../trace/render-text';
import type { StepPlace, TraceStep } from '../../trace/steps';
import { changedLines, headerLines } from './header-lines';
import { shownText } from './plain-text';
import { layersOfPort, portOfStep } from './vfp-places';

type Frozen<T> = T extends readonly (infer U)[]
  ? readonly Frozen<U>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;
export type Column = Frozen<TraceColumn>;
export type Stop = Frozen<TraceStop>;

const MOST_WHY = 12;

/**
 * The stops of a way, by the places that the packet comes to. `last` is how the last of them
 * looks where the way does not arrive.
 */
export function traceColumns(
  theCase: Case,
  steps: readonly TraceStep[],
  depth: Depth,
  last: 'ends' | 'open' | undefined,
): readonly Column[] {
  let shownHeader: PacketHeader | undefined;
  const lookOfEnd = (step: TraceStep): 'ends' | 'open' | undefined =>
    step === steps.at(-1) ? last : undefined;
  return placesOf(steps).flatMap((inside): Column[] => {
    const [first] = inside;
    if (first === undefined) return [];
    const rest = inside.length > 1 ? inside.filter(({ kind }) => kind !== 'port') : inside;
    const wanted = rest.filter((step) => isShown(step, depth) || lookOfEnd(step) !== undefined);
    if (wanted.length === 0) return [];
    const header = inside[0]?.before ?? first.before;
    const stops = wanted.map((step, index): Stop => {
      const changes = changedLines(step.before, step.after);
      const begins = index === 0 && (shownHeader === undefined || differs(shownHeader, header));
      const lines = begins && changes.length === 0 ? headerLines(step.after, shownHeader) : changes;
      if (begins || changes.length > 0) shownHeader = step.after;
      return stopOf(step, lines, changes.length > 0, lookOfEnd(step));
    });
    return [{ ...headOf(theCase, inside), kind: kindOf(first), node: first.place.node, stops }];
  });
}

const differs = (a: PacketHeader, b: PacketHeader): boolean => changedLines(a, b).length > 0;

function kindOf({ kind, place }: TraceStep): Column['kind'] {
  return kind === 'peer' || kind === 'decap' ? 'peer' : place.column;
}

/** Consecutive steps of one place; a pod's compartment is one place under two names. */
function placesOf(steps: readonly TraceStep[]): readonly (readonly TraceStep[])[] {
  const places: TraceStep[][] = [];
  for (const step of steps) {
    const last = places.at(-1);
    const before = last?.[0];
    if (before !== undefined && samePlace(before, step)) last?.push(step);
    else places.push([step]);
  }
  return places;
}

function samePlace(a: TraceStep, b: TraceStep): boolean {
  if (a.place.node !== b.place.node || kindOf(a) !== kindOf(b)) return false;
  // Each time a packet comes to a port it is another visit.
  if (b.kind === 'port') return false;
  return a.place.column === 'compartment' || a.place.name === b.place.name;
}

const TITLES: Readonly<Partial<Record<StepPlace['column'], string>>> = {
  compartment: 'Pod',
  switch: 'vSwitch',
  wire: 'Wire',
};

function headOf(
  theCase: Case,
  inside: readonly TraceStep[],
): { readonly title: string; readonly subtitle: string } {
  const [first] = inside;
  if (first === undefined) return { title: '', subtitle: '' };
  const { place } = first;
  const compartment = inside
    .map((step) => /compartment (\d+)/.exec(step.place.name)?.[1])
    .find((id) => id !== undefined);
  if (place.column === 'compartment') {
    return {
      title: compartment === undefined ? 'Pod' : `Pod compartment ${compartment}`,
      subtitle: podText(theCase, first.before.sourceIp),
    };
  }
  if (first.kind === 'port') {
    const direction = inside.find((s) => s.kind === 'rule' || s.kind === 'layer-default');
    const way =
      direction?.kind === 'rule' || direction?.kind === 'layer-default'
        ? ` · ${direction.direction}`
        : '';
    const port = portOfStep(theCase, first);
    const met = new Set(
      inside.flatMap((s) => (s.kind === 'rule' || s.kind === 'layer-default' ? [s.layer] : [])),
    ).size;
    const layers = port === undefined ? 0 : layersOfPort(theCase, port);
    const id = port === undefined || port.name === '' ? '' : ` ${shortGuid(port.name)}`;
    const count =
      layers === 0 ? '' : `, ${layers} ${layers === 1 ? 'layer' : 'layers'}, ${met} met`;
    return place.column === 'port'
      ? { title: `VFP port${id}${way}`, subtitle: `${place.name}${count}` }
      : { title: `${capital(place.name)}${way}`, subtitle: `VFP port${id}${count}` };
  }
  if (kindOf(first) === 'peer') return { title: 'Peer node', subtitle: place.node };
  return {
    title: TITLES[place.column] ?? capital(place.name),
    subtitle: place.column === 'switch' ? place.name.replace(/^vSwitch of /, '') : place.node,
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function podText(theCase: Case, ip: string): string {
  for (const { snapshots } of theCase.nodes) {
    for (const { links } of snapshots) {
      const endpoint = links.endpointsByIp.get(ip)?.find((e) => e.isRemote !== true);
      const pod = endpoint && links.podOf.get(endpoint);
      if (pod !== undefined) return `${pod.name}, ${ip}`;
    }
  }
  return ip;
}

const KIND_TITLES: Readonly<Record<Exclude<TraceStep['kind'], 'rule' | 'layer-default'>, string>> =
  {
    source: 'Sends',
    route: 'Route',
    neighbour: 'Neighbour',
    port: 'Port',
    switch: 'Switch',
    wire: 'Wire',
    peer: 'Arrives',
    decap: 'Decapsulation',
    'flow-pair': 'Flow pair',
    deliver: 'Delivered',
  };

function stopOf(
  step: TraceStep,
  header: Stop['header'],
  rewrites: boolean,
  end: 'ends' | 'open' | undefined,
): Stop {
  const isRule = step.kind === 'rule';
  const isDefault = step.kind === 'layer-default';
  return {
    kind: step.kind,
    title: isRule || isDefault ? step.layer : KIND_TITLES[step.kind],
    ...(isRule ? { action: step.rule.typeText } : isDefault ? { action: 'no match' } : {}),
    text: shownText(step.text),
    look: end ?? (rewrites ? 'rewrites' : isDefault || step.kind === 'port' ? 'quiet' : 'passes'),
    header,
    ...(isRule
      ? {
          rule: {
            ref: step.entities[0] ?? { kind: 'vfp-rule', id: '', name: step.rule.name },
            group: step.group,
            name: step.rule.name,
            priority: step.rule.priority ?? null,
            terminating: step.rule.terminating,
            hits: step.matchedPackets ?? null,
          },
        }
      : {}),
    entities: step.entities,
    evidence: step.evidence,
    remarks: step.remarks,
    assumes: step.assumes,
    why: isRule ? step.why.slice(0, MOST_WHY) : [],
    runnersUp: isRule || isDefault ? step.runnersUp : [],
  };
}
