import { z } from 'zod';
import { nothing, paging } from './arguments';
import { call } from './call';
import * as live from './live-schemas';

const id = z.string().min(1).max(64);

/** Calls about live nodes; main answers, with the live process behind it. */
export const liveCalls = {
  'live:state': call('main', z.object({}), live.liveState),
  /** Puts a connection into the list, or changes the one of the same id. */
  'live:save-connection': call('main', z.object({ draft: live.connectionDraft }), nothing),
  'live:delete-connection': call('main', z.object({ id }), nothing),
  /** Brings the connection deleted last back, with its secret. */
  'live:undo-delete': call('main', z.object({}), nothing),
  /** Hands over a password or passphrase, once. `keep`: beyond this run, where there is a keyring. */
  'live:hold-secret': call(
    'main',
    z.object({ id, secret: z.string().min(1).max(4096), keep: z.boolean() }),
    nothing,
  ),
  'live:forget-secret': call('main', z.object({ id }), nothing),
  /** Shows the system's dialog; the path stays in main. */
  'live:choose-key': call('main', z.object({}), z.object({ key: live.fileToken.nullable() })),
  'live:choose-kubeconfig': call(
    'main',
    z.object({}),
    z.object({ file: live.fileToken.nullable() }),
  ),
  'live:contexts': call(
    'main',
    z.object({ kubeconfig: live.fileToken.nullable() }),
    z.object({ contexts: z.array(live.kubeContext) }),
  ),
  /** The Windows nodes of a cluster, for choosing one. */
  'live:cluster-nodes': call(
    'main',
    z.object({ cluster: live.clusterDraft }),
    z.object({ nodes: z.array(live.clusterNode) }),
  ),
  /** Goes to the node stage by stage without collecting; `live-test` events tell of each stage. */
  'live:test': call(
    'main',
    z.object({ draft: live.connectionDraft }),
    z.object({ stages: z.array(live.stageResult) }),
  ),
  'live:cancel-test': call('main', z.object({}), nothing),
  /** Begins to collect; the nodes join the open case, or make a new one. */
  'live:collect': call('main', z.object({ ids: z.array(id).min(1).max(500) }), nothing),
  /** Stops one collection, or all; what came is kept. */
  'live:cancel': call('main', z.object({ id: id.nullable() }), nothing),
  /** Collects again what failed or is missing, into the same snapshot. */
  'live:retry': call('main', z.object({ id }), nothing),
  /** Puts a collection whose case was closed into the open case, or a new one. */
  'live:add-to-case': call('main', z.object({ id }), nothing),
  /** Takes an ended collection off the list; its snapshot stays in the case. */
  'live:dismiss': call('main', z.object({ id }), nothing),
  'live:sections': call(
    'main',
    z.object({ id, ...paging }),
    z.object({
      items: z.array(live.collectedSection),
      offset: z.number().int(),
      total: z.number().int(),
    }),
  ),
  'live:answer': call('main', z.object({ id, answer: live.answer, keep: z.boolean() }), nothing),
  /** Shows the save dialog and writes a zip that opens like any bundle. */
  'live:save-bundle': call('main', z.object({ id }), z.object({ saved: z.string().nullable() })),
  /** What runs on a node, byte for byte. */
  'live:what-runs': call(
    'main',
    z.object({ what: live.collectWhat }),
    z.object({
      command: z.string(),
      bootstrap: z.string(),
      parameters: z.string(),
      script: z.string(),
      sha256: z.string(),
      /** Length of standard input: the packed script and its parameters. */
      inputBytes: z.number(),
      sections: z.array(z.string()),
    }),
  ),
  'live:save-script': call('main', z.object({}), z.object({ saved: z.string().nullable() })),
} as const;

/** Events about live nodes. */
export const liveEvents = {
  'live-changed': live.liveState,
  'live-test': live.stageResult,
} as const;
