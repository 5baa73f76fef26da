import { z } from 'zod';
import { flowQuestion } from './flow-question';

/**
 * Shapes that cross process borders. Each is validated where it arrives; types are inferred from
 * the schema so that both sides mean the same.
 */

export const severity = z.enum(['error', 'warning', 'info']);
export const step = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
  z.literal(8),
]);
export const checkStatus = z.enum(['fired', 'passed', 'not-checked']);
export const entityKind = z.enum([
  'network',
  'endpoint',
  'load-balancer',
  'namespace',
  'compartment',
  'adapter',
  'vfp-port',
  'vfp-layer',
  'vfp-group',
  'vfp-rule',
  'vswitch-port',
  'route',
  'service',
  'pod',
  'node',
  'event',
  'process',
  'windows-service',
  'container',
  'cni-config',
  'log',
  'test',
  'file',
  'port-range',
]);

/** A link to an object; see shared/snapshot/entity-ref.ts. */
export const entityRef = z.object({ kind: entityKind, id: z.string(), name: z.string() });
export type EntityLink = z.infer<typeof entityRef>;

export const evidence = z.object({
  file: z.string(),
  line: z.number().int(),
  endLine: z.number().int(),
});
export type EvidenceLink = z.infer<typeof evidence>;

/** Evidence with its text (at most 12 lines, secrets blanked). */
export const excerpt = evidence.extend({ lines: z.array(z.string()) });

export const remedy = z.object({
  text: z.string(),
  command: z.string().optional(),
  disturbs: z.string().optional(),
  /** How to see that it helped: what a command then shows, or what else can be seen. */
  verify: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('command'), command: z.string(), shows: z.string().optional() }),
      z.object({ kind: z.literal('observation'), text: z.string() }),
    ])
    .optional(),
});

export const finding = z.object({
  index: z.number().int(),
  ruleId: z.string(),
  aliases: z.array(z.string()),
  severity,
  step,
  title: z.string(),
  node: z.string(),
  snapshotId: z.string(),
  summary: z.string(),
  cause: z.string(),
  remedy: z.array(remedy),
  causedBy: z.number().int().nullable(),
  /** Indexes of findings that this one explains. */
  consequences: z.array(z.number().int()),
  entities: z.array(entityRef),
  evidence: z.array(excerpt),
  references: z.array(z.string()),
});
export type FindingView = z.infer<typeof finding>;

export const missingEvidence = z.object({
  what: z.string(),
  command: z.string(),
  where: z.enum(['node', 'cluster', 'another-node']),
});

export const check = z.object({
  ruleId: z.string(),
  title: z.string(),
  description: z.string(),
  impact: z.string(),
  step,
  severity,
  status: checkStatus,
  reason: z.string(),
  because: z.enum(['needs-evidence', 'does-not-apply', 'rule-failed']).optional(),
  missing: z.array(missingEvidence),
});
export type CheckView = z.infer<typeof check>;

/** Counts of a step for the rail. `notChecked` counts what needs evidence, not what does not apply. */
export const stepStatus = z.object({
  step,
  errors: z.number().int(),
  warnings: z.number().int(),
  infos: z.number().int(),
  passed: z.number().int(),
  notChecked: z.number().int(),
  doesNotApply: z.number().int(),
});

export const snapshotSummary = z.object({
  id: z.string(),
  node: z.string(),
  nameGuessed: z.boolean(),
  address: z.string().optional(),
  collectedAt: z.number().optional(),
  collectedAtSource: z.string().optional(),
  os: z.string().optional(),
  mode: z.string(),
  modeText: z.string(),
  modeReason: z.string(),
  collector: z.string().optional(),
  /** What is missing from the collection, where not all of it came. */
  incomplete: z.string().optional(),
  /** The node was read live: key of its collection, and whether that goes on. */
  live: z.object({ key: z.string(), running: z.boolean() }).optional(),
  verdict: z.object({
    tone: z.enum(['error', 'warning', 'info', 'ok', 'unknown']),
    title: z.string(),
    detail: z.string(),
    findingIndex: z.number().int().nullable(),
  }),
  steps: z.array(stepStatus),
  counts: z.object({
    files: z.number().int(),
    filesRead: z.number().int(),
    skippedLines: z.number().int(),
    networks: z.number().int(),
    endpoints: z.number().int(),
    loadBalancers: z.number().int(),
    namespaces: z.number().int(),
    vfpPorts: z.number().int(),
    vfpRules: z.number().int(),
    contradictions: z.number().int(),
    checksMade: z.number().int(),
    checksTotal: z.number().int(),
    needEvidence: z.number().int(),
  }),
});
export type SnapshotSummary = z.infer<typeof snapshotSummary>;

export const caseSummary = z.object({
  caseId: z.string(),
  title: z.string(),
  nodes: z.array(z.object({ name: z.string(), snapshots: z.array(snapshotSummary) })),
  /** Entries of what was opened that were refused (guards) or could not be read. */
  rejected: z.array(z.object({ path: z.string(), reason: z.string() })),
  nestedArchives: z.array(z.string()),
  clusterFiles: z.array(z.string()),
  /** True when evidence was added that `evidence:undo` can take back. */
  canUndo: z.boolean(),
  undoLabel: z.string().optional(),
  sampleNote: z.string().optional(),
});
export type CaseSummary = z.infer<typeof caseSummary>;

/** A cell of a table. `tone` colours status cells; `ref`/`evidence` make it a link. */
export const cell = z.object({
  text: z.string(),
  tone: z.enum(['error', 'warning', 'info', 'ok', 'dim']).optional(),
  ref: entityRef.optional(),
  evidence: evidence.optional(),
  mono: z.boolean().optional(),
});
export const column = z.object({
  id: z.string(),
  title: z.string(),
  /** Preferred width in px. */
  width: z.number(),
  align: z.enum(['start', 'end']).optional(),
  mono: z.boolean().optional(),
  /** Cut long text in the middle rather than at the end. */
  middle: z.boolean().optional(),
});
export const tableId = z.enum([
  'networks',
  'endpoints',
  'load-balancers',
  'lb-backends',
  'namespaces',
  'compartments',
  'vfp-ports',
  'vfp-rules',
  'vswitch-ports',
  'routes',
  'interfaces',
  'port-ranges',
  'processes',
  'windows-services',
  'node-facts',
  'tcp-connections',
  'adapter-counters',
  'packet-counters',
  'windows-events',
  'containers',
  'tests',
  'dns-lookups',
  'events',
  'pods',
  'services',
  'nodes',
  'contradictions',
]);
export type TableId = z.infer<typeof tableId>;

export const tablePage = z.object({
  columns: z.array(column),
  /** Rows in the wanted order from `offset`; fewer than asked for when the page would pass 64 KiB. */
  rows: z.array(
    z.object({
      key: z.string(),
      ref: entityRef.optional(),
      evidence: evidence.optional(),
      tone: z.enum(['error', 'warning', 'info', 'ok', 'dim']).optional(),
      cells: z.array(cell),
    }),
  ),
  offset: z.number().int(),
  /** Rows that match the filter / rows in all. */
  matching: z.number().int(),
  total: z.number().int(),
  /** Why the table is empty, and the command that would fill it. */
  empty: z.object({ text: z.string(), command: z.string().optional() }).optional(),
});
export type TablePage = z.infer<typeof tablePage>;

export const objectView = z.object({
  ref: entityRef,
  kindText: z.string(),
  /** `Load balancer · default/win-webserver`. */
  subtitle: z.string(),
  tone: z.enum(['error', 'warning', 'ok', 'unknown']),
  properties: z.array(
    z.object({
      label: z.string(),
      value: z.string(),
      mono: z.boolean().optional(),
      tone: z.enum(['error', 'warning', 'ok', 'dim']).optional(),
      refs: z.array(entityRef).optional(),
      evidence: evidence.optional(),
    }),
  ),
  findings: z.array(z.number().int()),
  related: z.array(
    z.object({ title: z.string(), refs: z.array(entityRef), total: z.number().int() }),
  ),
  evidence: z.array(evidence),
  contradictions: z.array(
    z.object({ field: z.string(), values: z.array(z.object({ value: z.string(), evidence })) }),
  ),
});
export type ObjectView = z.infer<typeof objectView>;

export const graphNode = z.object({
  id: z.string(),
  ref: entityRef.optional(),
  kind: z.enum([
    'network',
    'remote-group',
    'load-balancer',
    'load-balancer-group',
    'endpoint',
    'endpoint-group',
    'remote-endpoint',
    'missing-endpoint',
    'compartment',
    'column-title',
  ]),
  label: z.string(),
  sublabel: z.string().optional(),
  x: z.number(),
  y: z.number(),
  w: z.number(),
  h: z.number(),
  tone: z.enum(['error', 'warning', 'ok', 'none', 'dim']),
  /** How many objects an aggregated node stands for. */
  count: z.number().int().optional(),
});
/** Source and target are places in the list of nodes: ids would make a large graph twice as large. */
export const graphEdge = z.object({
  source: z.number().int(),
  target: z.number().int(),
  tone: z.enum(['error', 'warning', 'dim']).optional(),
  label: z.string().optional(),
});
export const graphPage = z.object({
  nodes: z.array(graphNode),
  edges: z.array(graphEdge),
  width: z.number(),
  height: z.number(),
  counts: z.string(),
  /** Said when objects are folded or filtered away. */
  note: z.string().optional(),
});
export type GraphPage = z.infer<typeof graphPage>;

export const vfpPipeline = z.object({
  portId: z.string(),
  title: z.string(),
  direction: z.enum(['OUT', 'IN']),
  blocked: z.boolean().optional(),
  endpoint: entityRef.optional(),
  layers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      priority: z.number().optional(),
      defaultAllow: z.boolean(),
      flags: z.string(),
      evidence,
      groups: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          priority: z.number().optional(),
          type: z.string(),
          matchType: z.string(),
          ruleCount: z.number().int(),
          tone: z.enum(['error', 'warning', 'none']),
          evidence,
        }),
      ),
    }),
  ),
  note: z.string().optional(),
});
export type VfpPipeline = z.infer<typeof vfpPipeline>;

export const symptom = z.enum(['inter-node', 'outbound', 'services', 'dns']);

export const chain = z.object({
  id: z.string(),
  symptom,
  title: z.string(),
  headline: z.string(),
  status: z.enum(['ok', 'error', 'warning', 'not-checked']),
  links: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      detail: z.string(),
      status: z.enum(['ok', 'error', 'warning', 'not-checked']),
      ruleIds: z.array(z.string()),
      evidence: z.array(evidence),
      entities: z.array(entityRef),
    }),
  ),
  /** When can this happen: shown under a broken chain. */
  causes: z.array(z.string()),
  /** The packet whose trace shows it; absent where the node has no pod to send one. */
  flow: flowQuestion.optional(),
});
export type ChainView = z.infer<typeof chain>;

export const fileInfo = z.object({
  path: z.string(),
  name: z.string(),
  title: z.string(),
  command: z.string().optional(),
  kinds: z.array(z.string()),
  encoding: z.string(),
  bytes: z.number(),
  lineCount: z.number().int(),
  readLines: z.number().int(),
  status: z.enum(['parsed', 'partial', 'unrecognised', 'empty', 'binary']),
  notes: z.array(
    z.object({
      line: z.number().int(),
      endLine: z.number().int(),
      message: z.string(),
      kind: z.string(),
    }),
  ),
  unread: z.array(z.object({ line: z.number().int(), endLine: z.number().int() })),
  /** Rules whose evidence this file holds. */
  usedBy: z.array(z.string()),
  scope: z.enum(['node', 'cluster']),
  snapshotId: z.string().optional(),
});
export type FileInfo = z.infer<typeof fileInfo>;

export const fileLines = z.object({
  path: z.string(),
  from: z.number().int(),
  lineCount: z.number().int(),
  /** Lines over 4,000 characters are cut; `cut` lists their numbers. */
  lines: z.array(z.string()),
  cut: z.array(z.number().int()),
  /** Evidence of findings inside these lines. */
  marks: z.array(
    z.object({
      line: z.number().int(),
      endLine: z.number().int(),
      finding: z.number().int(),
      severity,
    }),
  ),
});
export type FileLines = z.infer<typeof fileLines>;

export const logLevel = z.enum(['error', 'warning', 'info', 'debug', 'fatal', 'unknown']);
export const logPage = z.object({
  entries: z.array(
    z.object({
      key: z.string(),
      component: z.string(),
      level: logLevel,
      time: z.number().optional(),
      text: z.string(),
      evidence,
      findings: z.array(z.number().int()),
    }),
  ),
  offset: z.number().int(),
  matching: z.number().int(),
  total: z.number().int(),
});
export const logSummary = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      component: z.string(),
      format: z.string(),
      entries: z.number().int(),
      errors: z.number().int(),
      warnings: z.number().int(),
      firstTime: z.number().optional(),
      lastTime: z.number().optional(),
      clock: z.string(),
      /** Minutes between the last line and the time of collection, and what that means. */
      staleness: z.object({
        minutes: z.number().optional(),
        tone: z.enum(['ok', 'warning', 'error', 'unknown']),
        text: z.string(),
      }),
    }),
  ),
});

export const cniDocument = z.object({
  path: z.string(),
  title: z.string(),
  lines: z.array(z.string()),
  from: z.number().int(),
  annotations: z.array(
    z.object({
      line: z.number().int(),
      severity: z.enum(['error', 'warning', 'info', 'ok']),
      message: z.string(),
      /** The value expected here, and where that comes from. */
      expected: z.string().optional(),
      finding: z.number().int().optional(),
    }),
  ),
});
export type CniDocument = z.infer<typeof cniDocument>;

export const searchResult = z.object({
  group: z.enum(['objects', 'findings', 'rules', 'files', 'text']),
  title: z.string(),
  subtitle: z.string(),
  ref: entityRef.optional(),
  evidence: evidence.optional(),
  finding: z.number().int().optional(),
  ruleId: z.string().optional(),
});
export type SearchResult = z.infer<typeof searchResult>;

/** Evidence offered for adding, with what it was recognised as and where it likely belongs. */
export const evidenceProposal = z.object({
  id: z.string(),
  name: z.string(),
  recognised: z.string(),
  lines: z.number().int(),
  preview: z.array(z.string()),
  suggestion: z.enum(['node', 'new-node', 'cluster']),
  suggestedNode: z.string().optional(),
  reason: z.string(),
});
export type EvidenceProposal = z.infer<typeof evidenceProposal>;

export const progress = z.object({
  phase: z.enum(['listing', 'reading', 'parsing', 'analysing', 'done', 'failed', 'cancelled']),
  /** What is being opened, said when it begins and when it fails. */
  name: z.string().optional(),
  file: z.string().optional(),
  filesDone: z.number().int(),
  filesTotal: z.number().int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  message: z.string().optional(),
});
export type Progress = z.infer<typeof progress>;

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  inspectorOpen: z.boolean(),
  inspectorWidth: z.number(),
  railWidth: z.number(),
  drawerHeight: z.number(),
  learnOpen: z.boolean(),
  rawWrap: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

export const recentItem = z.object({
  id: z.string(),
  name: z.string(),
  detail: z.string(),
  openedAt: z.number(),
  errors: z.number().int(),
  warnings: z.number().int(),
  /** Enough was checked for a verdict; not known of what an earlier version opened. */
  judged: z.boolean().optional(),
  exists: z.boolean(),
});
export const sampleItem = z.object({
  id: z.string(),
  title: z.string(),
  sentence: z.string(),
  broken: z.boolean(),
});

/** Where to open from. Paths never come from the renderer: it holds tokens for them. */
export const sourceRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: z.string().max(64) }),
  z.object({ kind: z.literal('recent'), id: z.string().max(64) }),
  z.object({ kind: z.literal('sample'), id: z.string().max(64) }),
]);
export type SourceRef = z.infer<typeof sourceRef>;
