import type { CaptureIndex } from '../../../shared/capture/capture-index';
import { decodePacket } from '../../../shared/capture/decode';
import { linkTypeName } from '../../../shared/capture/link-types';
import { factsOfKind } from '../../../shared/snapshot/collect-facts';
import {
  captureObjects,
  type CaptureObjects,
} from '../../../shared/views/captures/capture-objects';
import {
  completeCaptureFilter,
  flowOrder,
  pickFlows,
  type Picked,
} from '../../../shared/views/captures/flow-order';
import { explainRewrites } from '../../../shared/views/captures/explain-rewrites';
import { flowRow } from '../../../shared/views/captures/flow-rows';
import { packetPath } from '../../../shared/views/captures/packet-path';
import { packetOrder, packetRow } from '../../../shared/views/captures/packet-rows';
import { timeline } from '../../../shared/views/captures/timeline';
import { CallError } from '../call-error';
import { capturesOf, packetBytes } from '../capture-files';
import { caseOnScreen } from './case-on-screen';
import { contextOf, fitting, type CallAbout, type Handlers } from './handler';

type CaptureChannel =
  | 'captures:list'
  | 'captures:flows'
  | 'captures:flow'
  | 'captures:packets'
  | 'captures:packet'
  | 'captures:timeline'
  | 'captures:rewrites'
  | 'captures:complete';

/** Enough for the headers and the first of the data; a row shows no more. */
const ROW_BYTES = 512;
/** Bytes of a packet that the window shows. */
const SHOWN_BYTES = 9216;

interface Wanted {
  readonly snapshotId: string;
  readonly file: string;
}

/** A capture by its file. @throws CallError not-found. */
function captureOf(about: CallAbout, { snapshotId, file }: Wanted): CaptureIndex {
  const { snapshot } = contextOf(about, snapshotId);
  const parsed = snapshot.files.find((each) => each.file.path === file);
  const [capture] = parsed === undefined ? [] : capturesOf(parsed);
  if (capture === undefined) throw new CallError('not-found', 'This capture is not open any more');
  return capture;
}

const objectsOf = (about: CallAbout, snapshotId: string): CaptureObjects =>
  about.case.keep('capture-objects', snapshotId, () => {
    const { snapshot } = contextOf(about, snapshotId);
    return captureObjects(snapshot, about.case.state.case);
  });

/** The flows that a filter picks, kept for the next page and the other views of the same filter. */
function pickedFlows(
  about: CallAbout,
  args: Wanted & {
    readonly filter: string;
    readonly from: number | null;
    readonly to: number | null;
  },
): Picked {
  const { snapshotId, file, filter, from, to } = args;
  return about.case.keep(
    'capture-picked',
    JSON.stringify([snapshotId, file, filter, from, to]),
    () => pickFlows(captureOf(about, args), objectsOf(about, snapshotId), filter, { from, to }),
  );
}

export const captureCalls: Handlers<CaptureChannel> = {
  'captures:list': ({ snapshotId }, about) => {
    const { snapshot } = contextOf(about, snapshotId);
    const items = factsOfKind(snapshot.files, 'captures').flatMap(({ file, facts }) =>
      facts.items.map((item) => ({ item, capture: capturesOf(file)[0] })),
    );
    return {
      captures: items.map(({ item, capture }) => ({
        file: item.file,
        format: item.format,
        bytes: item.bytes,
        read: capture === undefined ? null : readInfo(capture),
      })),
    };
  },
  'captures:flows': ({ sort, offset, limit, ...args }, about) => {
    const capture = captureOf(about, args);
    const objects = objectsOf(about, args.snapshotId);
    const picked = pickedFlows(about, args);
    const order = about.case.keep('capture-order', JSON.stringify([args, sort]), () =>
      flowOrder(capture, picked, sort),
    );
    const page = [...order.subarray(offset, offset + limit)];
    return {
      items: fitting(page.map((index) => flowRow(capture, objects, index))),
      offset,
      matching: order.length,
      total: capture.flowCount,
      problem: picked.problem ?? null,
    };
  },
  'captures:flow': ({ index, ...args }, about) => {
    const capture = captureOf(about, args);
    if (index >= capture.flowCount) return null;
    return flowRow(capture, objectsOf(about, args.snapshotId), index);
  },
  'captures:packets': async ({ flow, offset, limit, ...args }, about) => {
    const capture = captureOf(about, args);
    const order = about.case.keep('capture-packets', JSON.stringify([args, flow]), () =>
      packetOrder(capture, pickedFlows(about, args), flow, args),
    );
    const page = [...order.subarray(offset, offset + Math.min(limit, 200))];
    const rows = await Promise.all(
      page.map(async (index) =>
        packetRow(capture, index, await packetBytes(capture, index, ROW_BYTES)),
      ),
    );
    return { items: fitting(rows), offset, matching: order.length };
  },
  'captures:packet': async ({ index, ...args }, about) => {
    const capture = captureOf(about, args);
    if (index >= capture.packetCount) return null;
    const { packets } = capture;
    const bytes = await packetBytes(capture, index, SHOWN_BYTES);
    const place = capture.places[packets.place.at(index)];
    const { layers, notes } = decodePacket(bytes, place?.linkType ?? -1);
    const { seconds, nanoseconds } = capture.exactTime(index);
    const day = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return {
      index,
      time: `${day}.${String(nanoseconds).padStart(9, '0')}`,
      originalLength: packets.original.at(index),
      capturedLength: packets.captured.at(index),
      place: place?.name ?? '',
      layers: fitting(layers),
      notes,
      hex: Buffer.from(bytes).toString('hex'),
      path: packetPath(capture, index),
    };
  },
  'captures:timeline': ({ flow, parts, ...args }, about) =>
    // The line spans the whole capture: the span that is looked at is drawn on it.
    timeline(
      captureOf(about, args),
      pickedFlows(about, { ...args, from: null, to: null }),
      flow,
      parts,
    ) ?? null,
  'captures:rewrites': ({ index, ...args }, about) => {
    const capture = captureOf(about, args);
    if (index >= capture.flowCount) return null;
    const { snapshot } = contextOf(about, args.snapshotId);
    const report = explainRewrites(
      capture,
      capture.flow(index),
      snapshot,
      caseOnScreen(about, args.snapshotId),
    );
    return { ...report, seen: report.seen.slice(0, 20), expected: report.expected.slice(0, 20) };
  },
  'captures:complete': ({ text, cursor, ...args }, about) =>
    completeCaptureFilter(captureOf(about, args), objectsOf(about, args.snapshotId), text, cursor),
};

function readInfo(capture: CaptureIndex) {
  return {
    packets: capture.packetCount,
    flows: capture.flowCount,
    firstTime: capture.firstTime ?? null,
    lastTime: capture.lastTime ?? null,
    fromPktmon: capture.fromPktmon,
    shortened: capture.shortened.packets,
    innerCut: capture.innerCut,
    places: capture.places.slice(0, 200).map(({ name, description, linkType, packets, lost }) => ({
      name,
      description,
      linkType: linkTypeName(linkType) ?? `link type ${linkType}`,
      packets,
      lost,
    })),
    notes: capture.notes,
  };
}
