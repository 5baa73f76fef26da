import { z } from 'zod';
import { recentItem, sampleItem, settings, sourceRef } from './app-schemas';
import { nothing, paging, snapshotId, text } from './arguments';
import { call } from './call';
import { captureCalls } from './capture-calls';
import { caseSummary, evidenceProposal, progress } from './case-schemas';
import { chain, symptom } from './chain-schemas';
import { cniDocument, fileInfo, fileLines } from './file-schemas';
import {
  check,
  checkStatus,
  entityKind,
  entityRef,
  finding,
  severity,
  step,
} from './finding-schemas';
import { graphPage, vfpPipeline } from './graph-schemas';
import { liveActionCalls, liveActionEvents } from './live-action-calls';
import { liveCalls, liveEvents } from './live-calls';
import { liveCaptureCalls, liveCaptureEvents } from './live-capture-calls';
import { followCalls, followEvents } from './live-follow';
import { logLevel, logPage, logSummary } from './log-schemas';
import { objectView, searchResult } from './object-schemas';
import { tableId, tablePage } from './table-schemas';
import { traceCalls } from './trace-calls';

/** What added evidence changed: checks that ran now and did not before. */
const evidenceAdded = z.object({
  newlyChecked: z.number().int(),
  newFindings: z.number().int(),
});

/**
 * The one contract between renderer, main and analysis process. `by` says who answers: `main`
 * itself, or the analysis process of the open case (main only passes it on). Arguments are
 * validated where they arrive, results where they come back. Calls of a large area stand in a file
 * of their own (`<area>-calls.ts`) and are spread into `calls`.
 */
export const calls = {
  // ---- the app (main)
  'app:state': call(
    'main',
    z.object({}),
    z.object({
      version: z.string(),
      electron: z.string(),
      platform: z.string(),
      settings,
      recent: z.array(recentItem),
      samples: z.array(sampleItem),
      /** A case that was named on the command line is being opened already. */
      opening: z.boolean(),
      caseOpen: z.boolean(),
    }),
  ),
  'app:set-settings': call('main', settings.partial(), settings),
  /** Shows the system's dialog; the chosen paths stay in main, the renderer gets tokens. */
  'app:choose': call(
    'main',
    z.object({ what: z.enum(['folder', 'file', 'evidence']) }),
    z.object({ items: z.array(z.object({ token: z.string(), name: z.string() })) }),
  ),
  'app:clear-recent': call('main', z.object({}), nothing),
  'app:copy': call('main', z.object({ text: z.string().max(4_000_000) }), nothing),
  /** Opens a documentation page in the system's browser; refused for any host but the fixed ones. */
  'app:open-external': call(
    'main',
    z.object({ url: z.string().max(2000) }),
    z.object({ opened: z.boolean() }),
  ),
  /** Tells that the first analysed screen is painted (start marks, --capture). */
  'app:ready': call('main', z.object({ screen: z.enum(['welcome', 'case']) }), nothing),

  // ---- the case (main starts and ends the analysis process)
  'case:open': call('main', z.object({ sources: z.array(sourceRef).min(1).max(100) }), nothing),
  /** Opens pasted text as a new case of one file. */
  'case:open-text': call('main', z.object({ text: z.string().min(1).max(64_000_000) }), nothing),
  'case:cancel': call('main', z.object({}), nothing),
  'case:close': call('main', z.object({}), nothing),
  /** Answer to a `case:confirm` event (a bundle beyond the guards' limits). */
  'case:answer': call('main', z.object({ id: z.string().max(64), goOn: z.boolean() }), nothing),
  /** Shows the save dialog and writes the file. `saved` is the file's name, null when cancelled. */
  'report:export': call(
    'main',
    z.object({ format: z.enum(['html', 'json', 'sarif', 'text']) }),
    z.object({ saved: z.string().nullable() }),
  ),
  'table:export-csv': call(
    'main',
    z.object({ snapshotId, table: tableId, scope: text.optional(), filter: text }),
    z.object({ saved: z.string().nullable() }),
  ),

  // ---- evidence
  'evidence:propose': call(
    'analysis',
    z.object({
      text: z.string().max(64_000_000).optional(),
      tokens: z.array(z.string().max(64)).max(1000).optional(),
    }),
    z.object({ items: z.array(evidenceProposal) }),
  ),
  'evidence:add': call(
    'analysis',
    z.object({
      items: z
        .array(
          z.object({
            id: z.string(),
            target: z.discriminatedUnion('kind', [
              z.object({ kind: z.literal('node'), node: z.string() }),
              z.object({ kind: z.literal('new-node'), name: z.string().max(200) }),
              z.object({ kind: z.literal('cluster') }),
            ]),
          }),
        )
        .min(1),
    }),
    evidenceAdded,
  ),
  'evidence:undo': call('analysis', z.object({}), z.object({ undone: z.string().nullable() })),
  'evidence:open-nested': call('analysis', z.object({ path: text }), evidenceAdded),

  // ---- reading the case (analysis)
  'case:summary': call('analysis', z.object({}), caseSummary),
  'findings:list': call(
    'analysis',
    z.object({ snapshotId, step: step.optional(), ...paging }),
    z.object({ items: z.array(finding), offset: z.number().int(), matching: z.number().int() }),
  ),
  'finding:get': call('analysis', z.object({ index: z.number().int() }), finding.nullable()),
  'checks:list': call(
    'analysis',
    z.object({ snapshotId, step, status: checkStatus, ...paging }),
    z.object({ items: z.array(check), offset: z.number().int(), matching: z.number().int() }),
  ),
  'rule:get': call(
    'analysis',
    z.object({ ruleId: z.string().max(64) }),
    z
      .object({
        id: z.string(),
        title: z.string(),
        description: z.string(),
        impact: z.string(),
        falsePositives: z.string(),
        severity,
        step,
        references: z.array(z.string()),
      })
      .nullable(),
  ),
  'table:page': call(
    'analysis',
    z.object({
      snapshotId,
      table: tableId,
      /** Narrows a table: `vfp-rules` to a group or port id, `lb-backends` to a load balancer id. */
      scope: text.optional(),
      filter: text,
      sort: z.object({ column: z.string().max(64), descending: z.boolean() }).nullable(),
      ...paging,
    }),
    tablePage,
  ),
  'object:get': call(
    'analysis',
    z.object({ snapshotId, kind: entityKind, id: text }),
    objectView.nullable(),
  ),
  'graph:hns': call(
    'analysis',
    z.object({
      snapshotId,
      show: z.enum(['all', 'problems', 'selected']),
      locality: z.enum(['local', 'all']),
      focus: entityRef.nullable(),
      /** Groups that were opened, the last one last: should they not fit a page, the first close. */
      expanded: z.array(z.string().max(400)).max(500),
      filter: text,
      /** Width for the picture at 100 %, in CSS pixels. */
      room: z.number().int().min(0).max(20_000),
    }),
    graphPage,
  ),
  'vfp:pipeline': call(
    'analysis',
    z.object({ snapshotId, portId: text, direction: z.enum(['OUT', 'IN']) }),
    vfpPipeline.nullable(),
  ),
  /** The chains of one symptom, broken ones first; healthy ones as far as a page holds them. */
  'chains:get': call(
    'analysis',
    z.object({ snapshotId, symptom }),
    z.object({ chains: z.array(chain) }),
  ),
  'files:list': call(
    'analysis',
    z.object({ snapshotId: snapshotId.nullable(), filter: text, ...paging }),
    z.object({
      items: z.array(fileInfo),
      offset: z.number().int(),
      matching: z.number().int(),
      total: z.number().int(),
    }),
  ),
  'file:info': call('analysis', z.object({ path: text }), fileInfo.nullable()),
  'file:lines': call(
    'analysis',
    z.object({
      path: text,
      from: z.number().int().min(1),
      count: z.number().int().min(1).max(2000),
    }),
    fileLines.nullable(),
  ),
  /** Next line (from, exclusive when `after` is set) that holds the text; wraps are the caller's business. */
  'file:search': call(
    'analysis',
    z.object({
      path: text,
      text,
      from: z.number().int().min(1),
      backwards: z.boolean(),
      matchCase: z.boolean(),
    }),
    z.object({ line: z.number().int().nullable(), column: z.number().int() }),
  ),
  'logs:summary': call('analysis', z.object({ snapshotId }), logSummary),
  'logs:page': call(
    'analysis',
    z.object({
      snapshotId,
      components: z.array(z.string().max(64)).max(50),
      levels: z.array(logLevel).max(6),
      text,
      from: z.number().nullable(),
      to: z.number().nullable(),
      ...paging,
    }),
    logPage,
  ),
  'cni:documents': call(
    'analysis',
    z.object({ snapshotId }),
    z.object({ documents: z.array(cniDocument) }),
  ),
  search: call(
    'analysis',
    z.object({ snapshotId, text, limit: z.number().int().min(1).max(200) }),
    z.object({ results: z.array(searchResult) }),
  ),
  ...captureCalls,
  ...traceCalls,
  ...liveCalls,
  ...liveActionCalls,
  ...liveCaptureCalls,
  ...followCalls,
} as const;

export type Calls = typeof calls;
export type Channel = keyof Calls;
export type Args<C extends Channel> = z.infer<Calls[C]['args']>;
/** The channels that main answers itself, and those it passes on to the analysis process. */
export type MainChannel = {
  [C in Channel]: Calls[C]['by'] extends 'main' ? C : never;
}[Channel];
export type AnalysisChannel = Exclude<Channel, MainChannel>;
export type Result<C extends Channel> = z.infer<Calls[C]['result']>;

/** Events from main to the renderer. */
export const events = {
  /** Loading goes on; the last one has phase done, failed or cancelled. */
  progress,
  /** What is open changed (opened, evidence added, closed): read `case:summary` again. */
  'case-changed': z.object({ open: z.boolean(), revision: z.number().int() }),
  /** A question of the guards: go on beyond the limits? */
  'case:confirm': z.object({ id: z.string(), title: z.string(), detail: z.string() }),
  'settings-changed': settings,
  /** The effective theme, and whether the system asks for forced colours or reduced motion. */
  'theme-changed': z.object({ dark: z.boolean() }),
  /** A menu command; the renderer runs the command of that id. */
  command: z.object({ id: z.string() }),
  ...liveEvents,
  ...liveActionEvents,
  ...liveCaptureEvents,
  ...followEvents,
} as const;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<E extends EventName> = z.infer<Events[E]>;

/** Errors cross as data: a code for programs, a sentence for people. */
export const failure = z.object({
  code: z.enum([
    'invalid-arguments',
    'not-open',
    'not-found',
    'cancelled',
    'refused',
    'unreadable',
    'internal',
  ]),
  message: z.string(),
});
export type Failure = z.infer<typeof failure>;
export type Reply<C extends Channel> =
  | { readonly ok: true; readonly value: Result<C> }
  | { readonly ok: false; readonly error: Failure };

/** What the preload puts into the renderer as `window.workbench`. */
export interface WorkbenchBridge {
  call<C extends Channel>(channel: C, args: Args<C>): Promise<Reply<C>>;
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  /** Registers dropped or pasted files with main: tokens in the order of the files, '' for one without a path. */
  register(
    files: readonly unknown[],
  ): Promise<readonly { readonly token: string; readonly name: string }[]>;
}
