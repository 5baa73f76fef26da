import { z } from 'zod';
import { entityRef, evidence } from './finding-schemas';
import { flowQuestion } from './flow-question';

/** The four symptom paths of step 7. */

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
