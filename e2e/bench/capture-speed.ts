import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { CaptureReader } from '../../shared/capture/capture-reader';

/** Reads a capture piece by piece, as the app does, and prints one line of JSON for the bench. */
const PIECE = 1 << 22;
const file = process.argv[2] ?? '';
const before = process.memoryUsage().rss;
const from = process.hrtime.bigint();
const reader = new CaptureReader();
const handle = openSync(file, 'r');
for (;;) {
  const piece = new Uint8Array(PIECE);
  const length = readSync(handle, piece);
  if (length === 0) break;
  reader.push(piece.subarray(0, length));
}
closeSync(handle);
const index = reader.end(file);
const reading = Number(process.hrtime.bigint() - from) / 1e9;

process.stdout.write(
  `${JSON.stringify({
    file,
    bytes: statSync(file).size,
    packets: index.packetCount,
    flows: index.flowCount,
    reading,
    memory: process.memoryUsage().rss - before,
  })}\n`,
);
