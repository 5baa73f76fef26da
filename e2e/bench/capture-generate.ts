import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pcapngSection, type CapturedPacket } from '../../shared/synthetic/capture-file';
import * as p from '../../shared/synthetic/packets';

/** Writes the capture of a busy node below a folder and prints its file, one JSON line for the bench. */
const FLOWS = 120_000;
const PACKETS = 400_000;

const file = path.join(process.argv[2] ?? '', 'busy.pcapng');
writeFileSync(file, capture());
process.stdout.write(`${JSON.stringify({ file })}\n`);

/** Requests of pods to services: every third packet carries a full segment, a tenth goes through VXLAN. */
function capture(): Uint8Array {
  const payloads = [new Uint8Array(0), p.ascii('x'.repeat(80)), p.ascii('y'.repeat(1400))];
  const packets = Array.from({ length: PACKETS }, (_, n): CapturedPacket => {
    const flow = (n * 7919) % FLOWS;
    const ends = {
      source: `10.244.${flow % 4}.${5 + (flow % 100)}`,
      destination: `10.96.${(flow >> 8) % 4}.${flow % 250}`,
      sourcePort: 49152 + (flow % 16000),
      destinationPort: 80,
    };
    const payload = payloads[n % 3] ?? p.ascii('');
    const about = { flags: 24, sequence: n * 1500, payload };
    const ip = p.ip(ends.source, ends.destination, 6, p.tcp(ends, about), { id: n & 0xffff });
    const frame = p.ethernet('00-15-5d-00-00-01', '00-15-5d-00-00-02', 0x0800, ip);
    const bytes = flow % 10 === 0 ? tunnelled(frame) : frame;
    return { bytes, time: 1_700_000_000_000_000_000n + BigInt(n) * 50_000n };
  });
  return pcapngSection(packets);
}

function tunnelled(frame: Uint8Array): Uint8Array {
  const ends = {
    source: '192.0.2.11',
    destination: '192.0.2.12',
    sourcePort: 51000,
    destinationPort: 4789,
  };
  const outer = p.ip(ends.source, ends.destination, 17, p.udp(ends, p.vxlan(4096, frame)));
  return p.ethernet('00-15-5d-00-00-03', '00-15-5d-00-00-04', 0x0800, outer);
}
