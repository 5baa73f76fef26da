import { z } from 'zod';

const end = z.string().max(400);

/** What a user asks of one packet: names and addresses as typed. */
export const flowQuestion = z.object({
  from: end,
  to: end,
  protocol: z.enum(['tcp', 'udp', 'icmp']).optional(),
  direction: z.enum(['in', 'out']).optional(),
  sourcePort: z.number().int().min(1).max(65535).optional(),
  /** Of TCP; a SYN where left out. */
  tcpFlags: z
    .array(z.enum(['SYN', 'ACK', 'FIN', 'RST']))
    .max(4)
    .readonly()
    .optional(),
});
export type FlowQuestionView = z.infer<typeof flowQuestion>;
