import path from 'node:path';
import { BUSY_NODES, writeBusyNode } from './busy-node';

/** Writes the busy nodes below a folder and prints their names and files, one JSON line each. */
const folder = process.argv[2] ?? '';
for (const node of BUSY_NODES) {
  const file = writeBusyNode(node, path.join(folder, node.name.replace(' ', '-')));
  process.stdout.write(`${JSON.stringify({ name: node.name, file })}\n`);
}
