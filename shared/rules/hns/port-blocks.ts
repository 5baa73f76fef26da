import type { Evidence } from '../../model/evidence';
import type { PortRange } from '../../model/tcpip';
import type { NodeSnapshot } from '../../snapshot/node-snapshot';

/** HNS takes ports in blocks of so many, each beginning at a multiple of it. */
const BLOCK = 64;

/** How many blocks of 64 ports HNS could still take. */
export interface FreeBlocks {
  readonly protocol: 'tcp' | 'udp';
  readonly free: number;
  readonly of: number;
  readonly evidence: readonly Evidence[];
}

/**
 * Counts whole blocks of the dynamic range that no exclusion touches. Both listings must be there;
 * ports that programs hold are not counted, so it is rather too many.
 */
export function freeBlocks(snapshot: NodeSnapshot): FreeBlocks[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const own = snapshot.portRanges.filter((range) => range.protocol === protocol);
    const dynamic = own.find(({ use }) => use === 'dynamic');
    const excluded = own.filter(({ use }) => use === 'excluded');
    if (!dynamic || excluded.length === 0) return [];
    const blocks = blocksOf(dynamic);
    const free = blocks.filter(
      (first) => !excluded.some(({ from, to }) => from < first + BLOCK && to >= first),
    );
    return [
      {
        protocol,
        free: free.length,
        of: blocks.length,
        evidence: [...dynamic.evidence, ...excluded.slice(0, 1).flatMap((range) => range.evidence)],
      },
    ];
  });
}

function blocksOf({ from, to }: PortRange): number[] {
  const blocks: number[] = [];
  for (let first = Math.ceil(from / BLOCK) * BLOCK; first + BLOCK - 1 <= to; first += BLOCK)
    blocks.push(first);
  return blocks;
}
