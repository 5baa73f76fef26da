import { readFileSync } from 'node:fs';
import path from 'node:path';
import { vfpOutput } from '../../shared/parsers/vfp/vfp-output';
import { wholeFile } from '../../shared/parsers/parser';
import { textFile } from '../../shared/text/text-file';
import { traceLatency } from './trace-latency';

/** Measures one file in a process of its own; prints one line of JSON for the bench. */
const file = process.argv[2] ?? '';
const bytes = readFileSync(file);
const seconds = (from: bigint): number => Number(process.hrtime.bigint() - from) / 1e9;
const rss = (): number => process.memoryUsage().rss;

let from = process.hrtime.bigint();
let lines = 0;
for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
const counting = seconds(from);

from = process.hrtime.bigint();
const text = textFile('vfpOutput.txt', bytes);
const indexing = seconds(from);

const before = rss();
from = process.hrtime.bigint();
const result = vfpOutput.parse(wholeFile(text));
const parsing = seconds(from);
const after = rss();
const fact = result.facts[0];
const dump = fact?.kind === 'vfp' ? fact.items[0] : undefined;

from = process.hrtime.bigint();
for (let body = 0; body < (dump?.bodyCount ?? 0); body += 1) dump?.body(body);
const bodies = seconds(from);

const peak = process.resourceUsage().maxRSS * 1024 - bytes.length;

process.stdout.write(
  `${JSON.stringify({
    bytes: bytes.length,
    lines,
    counting,
    indexing,
    parsing,
    bodies,
    rules: dump?.ruleCount ?? 0,
    bodyCount: dump?.bodyCount ?? 0,
    ports: dump?.ports.length ?? 0,
    notes: result.notes.length,
    aboveFile: after - before,
    peak,
    trace: traceLatency(path.dirname(file)),
  })}\n`,
);
