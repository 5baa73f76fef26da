import { z } from 'zod';

/*
 * What can be done on a node that is read live, beside collecting from it. Everything here reaches
 * the node as data (JSON on standard input), never as a part of a command; the shapes are narrow all
 * the same, since a bundle's names are hostile.
 */

/** The name of a result. */
const resultName = z.string().regex(/^[\w .:()/,[\]-]{1,300}$/);
const host = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.:-]{0,252}$|^::[0-9A-Fa-f:]{0,40}$/);
const port = z.number().int().min(1).max(65_535);
/** A name that is looked up; one that begins with a dash could be taken for an option. */
const dnsName = z.string().regex(/^[0-9A-Za-z_](?:[0-9A-Za-z_.-]{0,251}[0-9A-Za-z_.])?$/);
const server = z.string().regex(/^[0-9A-Fa-f.:]{2,45}$/);

/** A TCP connection from the node: its name among the results, and where it goes. */
const leg = z.object({ name: resultName, host, port });
export type ConnectionLeg = z.infer<typeof leg>;
export const connectionLegs = z.array(leg).max(60);

/** A name that the node itself asks a server for. */
const hostLookup = z.object({ name: dnsName, server });
export type HostLookup = z.infer<typeof hostLookup>;
export const hostLookups = z.array(hostLookup).max(20);

/** A container of the node that runs, by the id that its runtime knows. */
export const containerRef = z.object({
  id: z.string().regex(/^[0-9a-f]{12,64}$/),
  runtime: z.enum(['containerd', 'docker']),
  /** What people call it: `shop/web-1`, or the id. */
  name: z.string().regex(/^[\w.:/-]{1,200}$/),
});
export type ContainerRef = z.infer<typeof containerRef>;

/** What is run inside of a container, one of three programs of Windows; `test` names the result. */
const insideAsk = z.discriminatedUnion('program', [
  z.object({ program: z.literal('ipconfig'), container: containerRef, test: resultName }),
  z.object({
    program: z.literal('nslookup'),
    container: containerRef,
    test: resultName,
    name: dnsName,
    /** Null: the server that the container is set to. */
    server: server.nullable(),
  }),
  z.object({
    program: z.literal('curl'),
    container: containerRef,
    test: resultName,
    host,
    port,
  }),
]);
export type InsideAsk = z.infer<typeof insideAsk>;
export const insideAsks = z.array(insideAsk).max(60);

/** A packet that a VFP port is asked about. */
export const switchTuple = z.object({
  port: z.string().regex(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/),
  tuple: z
    .string()
    .regex(/^\d{1,3} [0-9a-f.:]{2,45} \d{1,5} [0-9a-f.:]{2,45} \d{1,5} (?:in|out) [01]$/),
});

export const liveAction = z.discriminatedUnion('kind', [
  /** Reads again what a step of the analysis is made of. */
  z.object({ kind: z.literal('refresh'), step: z.number().int().min(1).max(8) }),
  /** Reads the HNS endpoints afresh. */
  z.object({ kind: z.literal('endpoint') }),
  /** Reads the VFP ports afresh. */
  z.object({ kind: z.literal('vfp-port') }),
  /** Asks VFP how it would treat a packet at each port of its way. */
  z.object({ kind: z.literal('switch'), tuples: z.array(switchTuple).min(1).max(20) }),
  /** Opens TCP connections and asks for names, from the node and from inside of a container. */
  z.object({
    kind: z.literal('connections'),
    legs: connectionLegs,
    lookups: hostLookups,
    asks: insideAsks,
  }),
  /** Looks from inside of a container: its addresses, and a name. */
  z.object({ kind: z.literal('inside'), asks: insideAsks.min(1) }),
]);
export type LiveAction = z.infer<typeof liveAction>;

/** What an action will do, to be read before it is done. */
export const actionPlan = z.object({
  title: z.string(),
  /** What it does and what becomes of the result, a sentence each. */
  about: z.array(z.string()),
  /** Programs that it runs, with what it was given; empty where the script says it all. */
  programs: z.array(z.string()),
  /** What it disturbs on the node. */
  disturbs: z.string(),
  sections: z.array(z.string()),
  /** It is stopped after this time. */
  seconds: z.number().int(),
  command: z.string(),
  bootstrap: z.string(),
  parameters: z.string(),
  script: z.string(),
  sha256: z.string(),
});
export type ActionPlan = z.infer<typeof actionPlan>;

/** How an action on a node goes, or how the last one ended. */
export const actionState = z.object({
  /** Of the collection of the node. */
  key: z.string(),
  title: z.string(),
  action: liveAction,
  state: z.enum(['running', 'done', 'partly', 'failed', 'cancelled']),
  /** What it is at: a stage of the sign-in, or a section. */
  at: z.string(),
  bytes: z.number(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** What came of it, in words; empty while it runs. */
  notes: z.array(z.string()),
});
export type ActionState = z.infer<typeof actionState>;
