import { z } from 'zod';

/*
 * Live nodes as the window knows them: connections, collections, questions. No secret is part of
 * any of these shapes; secrets go one way only, as arguments of `live:hold-secret` and `live:answer`.
 */

const plain = (most: number): z.ZodString =>
  z
    .string()
    .max(most)
    .regex(/^[^\x00-\x1f\x7f]*$/, 'holds control characters');

/** How a node is reached. */
export const connectionKind = z.enum([
  'ssh',
  'winrm-https',
  'winrm-http',
  'kubernetes',
  /** On Windows: its own remoting as the user who is signed in, and the node itself. */
  'windows-remoting',
  'this-computer',
]);
export type ConnectionKind = z.infer<typeof connectionKind>;

/**
 * How one signs in. SSH: agent, key, password. WinRM: `auto` (over HTTPS Kerberos where there is a
 * ticket, else NTLM), password (NTLM), Kerberos, Basic; over HTTP password only.
 */
export const authentication = z.enum(['agent', 'key', 'password', 'auto', 'kerberos', 'basic']);
export type Authentication = z.infer<typeof authentication>;

/** A file of this computer: a token of main, and the file's name. */
export const fileToken = z.object({ token: z.string().max(64), name: z.string().max(4096) });
export type FileToken = z.infer<typeof fileToken>;

/** A cluster of a kubeconfig: null and '' stand for the user's own file and its current context. */
export const clusterDraft = z.object({ kubeconfig: fileToken.nullable(), context: plain(500) });
export type ClusterDraft = z.infer<typeof clusterDraft>;

/** What the collector is asked for; null and an empty list stand for its own defaults. */
export const collectWhat = z.object({
  include: z.array(z.string().regex(/^[a-z0-9-]{1,60}$/)).max(100),
  logLines: z.number().int().min(1).max(1_000_000).nullable(),
  eventHours: z.number().int().min(1).max(8760).nullable(),
  sectionSeconds: z.number().int().min(1).max(3600).nullable(),
});
export type CollectWhat = z.infer<typeof collectWhat>;

/** A way to a node as the user describes it. `id` is made by the window for a new one. */
export const connectionDraft = z.object({
  id: z.string().min(1).max(64),
  /** What the list calls it; empty: the address. */
  name: plain(200),
  kind: connectionKind,
  /** Name or address; of Kubernetes the name of the node, '' for the cluster's objects alone. */
  host: plain(255),
  port: z.number().int().min(1).max(65_535).nullable(),
  user: plain(256),
  authentication,
  /** A private key. */
  key: fileToken.nullable(),
  /** `[user@]host[:port]`, several apart by commas; empty: as ~/.ssh/config says. */
  jump: plain(1000),
  /** The cluster it is reached through; of the other kinds the one whose objects are read beside it. */
  cluster: clusterDraft.nullable(),
  what: collectWhat,
});
export type ConnectionDraft = z.infer<typeof connectionDraft>;

/** A connection of the list. */
export const connection = connectionDraft.extend({
  lastUsed: z.number().nullable(),
  /** Whether its password or passphrase is known: not, until the program ends, or kept in the keyring. */
  secret: z.enum(['none', 'this-run', 'kept']),
});
export type Connection = z.infer<typeof connection>;

export const sectionState = z.enum([
  'ok',
  'missing',
  'error',
  'timeout',
  'truncated',
  'damaged',
  'cut off',
  'refused',
]);

/** One file of a collection, and how it came over. */
export const collectedSection = z.object({
  section: z.string(),
  path: z.string(),
  state: sectionState,
  bytes: z.number(),
  milliseconds: z.number().nullable(),
  notes: z.array(z.string()),
});
export type CollectedSection = z.infer<typeof collectedSection>;

/** One reading of one node, running or ended. */
export const collection = z.object({
  id: z.string(),
  connectionId: z.string(),
  name: z.string(),
  address: z.string(),
  state: z.enum([
    'waiting',
    'connecting',
    'collecting',
    'complete',
    'incomplete',
    'failed',
    'cancelled',
  ]),
  /** What it is at: a stage of the sign-in, or a section. */
  at: z.string(),
  sectionsDone: z.number().int(),
  sectionsTotal: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Sections that came not at all or not whole. */
  troubles: z.number().int(),
  /** Why the way to the node did not work; `stage` as in a test of the connection. */
  failure: z.object({ stage: z.string(), message: z.string() }).nullable(),
  notes: z.array(z.string()),
  /** Its cluster is watched: what changes there is read anew. */
  watching: z.boolean(),
  /** It is part of the open case. */
  inCase: z.boolean(),
});
export type Collection = z.infer<typeof collection>;

/** What only the user can answer. */
export const question = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('trust-host'),
    host: z.string(),
    port: z.number(),
    keyType: z.string(),
    fingerprint: z.string(),
  }),
  z.object({
    kind: z.literal('trust-certificate'),
    host: z.string(),
    port: z.number(),
    subject: z.string(),
    issuer: z.string(),
    validFrom: z.string(),
    validTo: z.string(),
    fingerprint: z.string(),
    problem: z.string(),
  }),
  /** `own`: it is the connection's own password, not that of a jump host. */
  z.object({ kind: z.literal('password'), who: z.string(), own: z.boolean() }),
  z.object({ kind: z.literal('passphrase'), file: z.string(), own: z.boolean() }),
  /** A kubeconfig names a program that gives the credentials: may it run? */
  z.object({
    kind: z.literal('allow-plugin'),
    context: z.string(),
    file: z.string(),
    command: z.array(z.string()),
    variables: z.array(z.string()),
  }),
  /** A question of the server itself (keyboard-interactive). */
  z.object({
    kind: z.literal('prompt'),
    host: z.string(),
    prompt: z.string(),
    echo: z.boolean(),
    own: z.boolean(),
  }),
]);
export type Question = z.infer<typeof question>;

export const openQuestion = z.object({
  id: z.string(),
  /** Whose connection asks. */
  name: z.string(),
  question,
});
export type OpenQuestion = z.infer<typeof openQuestion>;

/** True or false to a question of trust, text to the others; null: no answer. */
export const answer = z.union([z.boolean(), z.string().max(4096), z.null()]);

/** A context of a kubeconfig. */
export const kubeContext = z.object({
  name: z.string(),
  server: z.string(),
  user: z.string(),
  namespace: z.string(),
  current: z.boolean(),
  /** Why it cannot be used. */
  problem: z.string().optional(),
});
export type KubeContext = z.infer<typeof kubeContext>;

/** A Windows node of a cluster, as it is offered for choosing. */
export const clusterNode = z.object({
  name: z.string(),
  address: z.string().optional(),
  osBuild: z.string().optional(),
  kubeletVersion: z.string().optional(),
  ready: z.boolean().optional(),
});
export type ClusterNode = z.infer<typeof clusterNode>;

/** How a stage of a connection test went. `limited`: it works, and less can be collected. */
export const stageResult = z.object({
  stage: z.enum(['name', 'port', 'host-key', 'authentication', 'shell', 'rights']),
  outcome: z.enum(['ok', 'limited', 'failed', 'not reached']),
  text: z.string(),
});
export type StageResult = z.infer<typeof stageResult>;

/** Everything about live nodes but their sections; small, since it is sent whole when it changes. */
export const liveState = z.object({
  connections: z.array(connection),
  collections: z.array(collection),
  questions: z.array(openQuestion),
  /** Whether secrets can be kept when the program ends; else why not. */
  keyring: z.object({ available: z.boolean(), reason: z.string() }),
});
export type LiveState = z.infer<typeof liveState>;
