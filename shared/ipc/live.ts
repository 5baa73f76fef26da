import { z } from 'zod';
import { failure } from './contract';
import {
  answer,
  clusterNode,
  collectWhat,
  question,
  sectionState,
  stageResult,
} from './live-schemas';
import { liveAction } from './live-action-schemas';
import { captureWish } from './live-capture-schemas';
import { followedLine } from './live-follow';

/*
 * Messages between main and the live process (utilityProcess, one for the app, started on first
 * use). It holds transports and the collector. It knows no secret until it asks for one.
 */

/** A context of a kubeconfig; null: the user's own files, their current context. */
export const liveCluster = z.object({
  kubeconfig: z.string().nullable(),
  context: z.string().nullable(),
});
export type LiveCluster = z.infer<typeof liveCluster>;

/** Where to go and how to sign in. `cluster`: its objects are read beside the node. */
export const liveTarget = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ssh'),
    host: z.string(),
    port: z.number().int().nullable(),
    user: z.string(),
    authentication: z.enum(['agent', 'key', 'password']),
    keyFile: z.string().nullable(),
    jumps: z.array(z.string()),
    cluster: liveCluster.nullable(),
  }),
  z.object({
    kind: z.literal('winrm'),
    host: z.string(),
    port: z.number().int().nullable(),
    tls: z.boolean(),
    /** Empty: who has the ticket. */
    user: z.string(),
    method: z.enum(['auto', 'kerberos', 'ntlm', 'basic']),
    cluster: liveCluster.nullable(),
  }),
  z.object({
    kind: z.literal('remoting'),
    host: z.string(),
    port: z.number().int().nullable(),
    cluster: liveCluster.nullable(),
  }),
  z.object({ kind: z.literal('this-computer'), cluster: liveCluster.nullable() }),
  z.object({
    kind: z.literal('kubernetes'),
    cluster: liveCluster,
    /** Null: the objects of the cluster alone. */
    node: z.string().nullable(),
  }),
]);
export type LiveTarget = z.infer<typeof liveTarget>;

/** A file that was received: what came over, and where its bytes lie on this computer. */
export const receivedFile = z.object({
  section: z.string(),
  path: z.string(),
  state: sectionState,
  bytes: z.number(),
  milliseconds: z.number().optional(),
  notes: z.array(z.string()),
  location: z.string(),
  /** It tells something: one that came empty for want of its subject does not, and is no file of a bundle. */
  kept: z.boolean(),
});
export type ReceivedFile = z.infer<typeof receivedFile>;

/** What a collection brought. */
export const receivedStream = z.object({
  languageMode: z.string().optional(),
  files: z.array(receivedFile),
  complete: z.boolean(),
  notes: z.array(z.string()),
  /** When it ended, milliseconds UTC; left out where parts came at different times. */
  endedAt: z.number().optional(),
  /** Sections that an action read later than the others. */
  readAgain: z
    .array(z.object({ from: z.number(), to: z.number(), sections: z.array(z.string()) }))
    .optional(),
});
export type ReceivedStream = z.infer<typeof receivedStream>;

const id = z.number().int();

/** A path on a node: drive, folders, file. */
const nodePath = z.string().regex(/^[A-Za-z]:\\[^"<>|*?:\x00-\x1f]{1,1000}$/);

/** A collection after something was read or joined to it, with its report. */
export const changedStream = z.object({ stream: receivedStream, report: receivedFile });

export const toLive = z.discriminatedUnion('kind', [
  /** Signs in and runs the collector. Ends with `ended`. */
  z.object({
    kind: z.literal('collect'),
    job: z.string(),
    name: z.string(),
    at: z.number(),
    target: liveTarget,
    what: collectWhat,
    /** What came before, when only what is missing is collected. */
    earlier: z.array(receivedFile),
  }),
  /** Signs in and does one thing; what it reads joins what was collected. Ends with `ended`. */
  z.object({
    kind: z.literal('act'),
    job: z.string(),
    /** Of the collection that it joins. */
    key: z.string(),
    name: z.string(),
    at: z.number(),
    target: liveTarget,
    what: collectWhat,
    action: liveAction,
    earlier: receivedStream,
  }),
  /** Begins a packet capture, ends and fetches it, or only removes it. Ends with `ended`. */
  z.object({
    kind: z.literal('capture'),
    step: z.enum(['start', 'fetch', 'clean']),
    job: z.string(),
    /** Of the collection that it is kept with. */
    key: z.string(),
    target: liveTarget,
    /** Its number on the node. */
    capture: z.string(),
    wish: captureWish,
    /** Since when it captures: its files are named by it. */
    startedAt: z.number(),
  }),
  /** Signs in and follows a log: `followed-lines` as they come. Ends with `ended`. */
  z.object({
    kind: z.literal('follow'),
    job: z.string(),
    /** Of the collection whose log it is. */
    key: z.string(),
    target: liveTarget,
    path: nodePath,
  }),
  z.object({ kind: z.literal('test'), job: z.string(), target: liveTarget }),
  /** Sends the cluster's files of a collection anew when they change, until cancelled. */
  z.object({ kind: z.literal('watch'), job: z.string(), of: z.string(), cluster: liveCluster }),
  /** Lists the Windows nodes of a cluster. */
  z.object({ kind: z.literal('nodes'), job: z.string(), cluster: liveCluster }),
  z.object({ kind: z.literal('contexts'), id, kubeconfig: z.string().nullable() }),
  z.object({ kind: z.literal('cancel'), job: z.string() }),
  z.object({ kind: z.literal('answer'), job: z.string(), question: z.string(), answer }),
  /** Removes what a collection received. */
  z.object({ kind: z.literal('forget'), job: z.string() }),
  z.object({
    kind: z.literal('save'),
    id,
    file: z.string(),
    name: z.string(),
    at: z.number(),
    stream: receivedStream,
  }),
  /** Joins what was followed, which lies at `location`, to a log of a collection: `changedStream`. */
  z.object({
    kind: z.literal('keep'),
    id,
    key: z.string(),
    name: z.string(),
    at: z.number(),
    stream: receivedStream,
    file: z.string(),
    location: z.string(),
    from: z.number(),
    to: z.number(),
  }),
  z.object({ kind: z.literal('describe-follow'), id, path: nodePath }),
  z.object({ kind: z.literal('what-runs'), id, what: collectWhat }),
  /** What an action would run. */
  z.object({ kind: z.literal('describe'), id, action: liveAction, what: collectWhat }),
  z.object({
    kind: z.literal('describe-capture'),
    id,
    capture: z.string(),
    wish: captureWish,
  }),
  /** Joins what was captured to what was collected. */
  z.object({
    kind: z.literal('join-capture'),
    id,
    key: z.string(),
    name: z.string(),
    at: z.number(),
    stream: receivedStream,
    files: z.array(receivedFile),
    time: z.object({ from: z.number(), to: z.number() }),
  }),
]);
export type ToLive = z.infer<typeof toLive>;

export const fromLive = z.discriminatedUnion('kind', [
  /** The first message: the sections of the collector, in the order they run. */
  z.object({ kind: z.literal('ready'), sections: z.array(z.string()) }),
  /** Where a job is; at most ten a second. */
  z.object({
    kind: z.literal('progress'),
    job: z.string(),
    at: z.string(),
    collecting: z.boolean(),
    bytes: z.number(),
  }),
  z.object({ kind: z.literal('file'), job: z.string(), file: receivedFile }),
  z.object({ kind: z.literal('followed-lines'), job: z.string(), lines: z.array(followedLine) }),
  z.object({ kind: z.literal('question'), job: z.string(), id: z.string(), question }),
  /** A question that nobody needs to answer any more. */
  z.object({ kind: z.literal('withdrawn'), job: z.string(), id: z.string() }),
  z.object({ kind: z.literal('stage'), job: z.string(), result: stageResult }),
  z.object({
    kind: z.literal('ended'),
    job: z.string(),
    outcome: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('collected'),
        stream: receivedStream,
        /** How the collection went, as the text that lies in its bundle. */
        report: receivedFile,
        cancelled: z.boolean(),
      }),
      z.object({ kind: z.literal('nodes'), nodes: z.array(clusterNode) }),
      /** What an action read has joined the collection; `notes` say what did not come whole. */
      z.object({
        kind: z.literal('acted'),
        stream: receivedStream,
        report: receivedFile,
        cancelled: z.boolean(),
        complete: z.boolean(),
        notes: z.array(z.string()),
      }),
      /** How a step of a packet capture ended; `clean`: nothing of it is left on the node. */
      z.object({
        kind: z.literal('capture'),
        /** It captures now, by this tool. */
        running: z.enum(['pktmon', 'netsh']).nullable(),
        clean: z.boolean(),
        files: z.array(receivedFile),
        cancelled: z.boolean(),
        complete: z.boolean(),
        notes: z.array(z.string()),
      }),
      /** A log was followed; what came lies at `location`. */
      z.object({
        kind: z.literal('followed'),
        location: z.string(),
        lines: z.number().int(),
        why: z.string(),
        fine: z.boolean(),
      }),
      z.object({ kind: z.literal('tested'), stages: z.array(stageResult) }),
      z.object({ kind: z.literal('failed'), stage: z.string(), message: z.string() }),
      z.object({ kind: z.literal('cancelled') }),
    ]),
  }),
  z.object({ kind: z.literal('reply'), id, value: z.unknown() }),
  z.object({ kind: z.literal('failure'), id, error: failure }),
]);
export type FromLive = z.infer<typeof fromLive>;
