import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcapFile, pcapngSection, SectionWriter } from '../synthetic/capture-file';
import { ascii, be16, be32, join } from '../synthetic/packets';
import { decodePacket } from './decode';
import { dnsName } from './dns';
import { everyKind } from './testing/sample-packets';
import { packetBytes, readCapture } from './testing/read';

const packets = everyKind.map(([, bytes], n) => ({
  bytes,
  time: 1_700_000_000_000_000_000n + BigInt(n),
}));
const files = [
  pcapFile(packets),
  pcapFile(packets, { little: false }),
  pcapngSection(packets),
  pcapngSection(packets, { little: false }),
];

/** Reads and decodes all that a file gives, as the views do. */
function readAll(file: Uint8Array, piece?: number): ReturnType<typeof readCapture> {
  const index = readCapture(file, piece);
  for (let n = 0; n < index.packetCount; n += 1)
    decodePacket(
      packetBytes(file, index, n),
      index.places[index.packets.place.at(n)]?.linkType ?? 1,
    );
  for (let n = 0; n < index.flowCount; n += 1) index.flow(n);
  return index;
}

describe('damaged captures', () => {
  it('cut anywhere: what is whole is read, and the cut is said', () => {
    for (const file of files) {
      const whole = readAll(file).packetCount;
      for (let length = 0; length < file.length; length += 13) {
        const index = readAll(file.subarray(0, length));
        expect(index.packetCount).toBeLessThanOrEqual(whole);
        if (length < 24) expect(index.packetCount).toBe(0);
      }
      const cut = readAll(file.subarray(0, file.length - 9));
      expect(cut.packetCount).toBeGreaterThanOrEqual(whole - 1);
      expect(cut.notes.join()).toMatch(/cut/);
    }
  });

  it('read in pieces of any size gives the same', () => {
    for (const file of files) {
      const whole = readAll(file);
      for (const piece of [1, 7, 64, 1000]) {
        const pieces = readAll(file, piece);
        expect(pieces.notes).toEqual(whole.notes);
        expect(pieces.packetCount).toBe(whole.packetCount);
        expect(pieces.flow(5)).toEqual(whole.flow(5));
      }
    }
  });

  it('flipped bytes: no crash, and most packets are still read', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: files.length - 1 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (which, flips) => {
          const file = Uint8Array.from(files[which] ?? []);
          for (const [place, bits] of flips) {
            const at = 64 + (place % (file.length - 64));
            file[at] = (file[at] ?? 0) ^ bits;
          }
          const { packetCount } = readAll(file, 500);
          expect(packetCount).toBeGreaterThanOrEqual(everyKind.length - 4 * flips.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a record of nonsense in the middle is skipped and said', () => {
    const half = Math.floor(packets.length / 2);
    const [before, after] = [packets.slice(0, half), packets.slice(half)];
    const nonsense = new Uint8Array(96).fill(0xee);
    const pcap = join(pcapFile(before), nonsense, pcapFile(after).subarray(24));
    const pcapng = join(pcapngSection(before), nonsense, pcapngSection(after));
    for (const file of [pcap, pcapng]) {
      const index = readAll(file);
      expect(index.packetCount).toBe(packets.length);
      expect(index.notes).toEqual([expect.stringMatching(/^byte \d+: 96 bytes .* skipped$/)]);
    }
  });

  it('random bytes are no capture, and a random packet decodes to something', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(0, 1, 101, 113, 276),
        (bytes, link) => {
          readAll(bytes);
          const { layers } = decodePacket(bytes, link);
          for (const layer of layers)
            for (const field of [layer, ...layer.fields]) {
              expect(field.start).toBeGreaterThanOrEqual(0);
              expect(field.end).toBeLessThanOrEqual(bytes.length);
              expect(field.start).toBeLessThanOrEqual(field.end);
            }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('names in DNS that run in a circle end', () => {
    const header = new Uint8Array(12);
    const circle = join(header, [0xc0, 14, 0xc0, 12]);
    expect(dnsName(circle, 0, 12, circle.length).whole).toBe(false);
    const self = join(header, [1, 97, 0xc0, 12]);
    expect(dnsName(self, 0, 12, self.length).whole).toBe(false);
  });

  it('a packet in more than three tunnels says so', () => {
    const nested = (depth: number): Uint8Array => {
      let frame: Uint8Array = new Uint8Array(60);
      for (let n = 0; n < depth; n += 1) {
        const vxlan = join([8, 0, 0, 0, 0, 0, n, 0], frame);
        const udp = join(be16(1), be16(4789), be16(vxlan.length + 8), [0, 0], vxlan);
        const ip = join(
          [0x45, 0],
          be16(udp.length + 20),
          be32(0),
          [64, 17, 0, 0],
          be32(1),
          be32(2),
          udp,
        );
        frame = join(new Uint8Array(12), [8, 0], ip);
      }
      return frame;
    };
    expect(decodePacket(nested(3), 1).notes).toEqual([]);
    expect(decodePacket(nested(5), 1).notes).toEqual([
      'Malformed: more than 3 tunnels in each other; the rest is not decoded.',
    ]);
  });
});

describe('parts of pcapng', () => {
  const [packet] = packets;
  if (packet === undefined) throw new Error('there are sample packets');

  it('several sections, byte orders and interfaces; unknown blocks are skipped', () => {
    const writer = new SectionWriter(true);
    const file = join(
      pcapngSection([packet], { interfaces: [{ name: 'first', description: 'a description' }] }),
      writer.block(0x0bad, ascii('a block of another maker')),
      writer.block(4, ascii('names')),
      pcapngSection([{ ...packet, interface: 1, comment: 'noted' }], {
        little: false,
        interfaces: [
          { name: 'second' },
          { name: 'third', resolution: 0x80 | 20, offsetSeconds: 5 },
        ],
      }),
    );
    const index = readAll(file);
    expect(index.places.map(({ name, packets: seen }) => [name, seen])).toEqual([
      ['first', 1],
      ['second', 0],
      ['third', 1],
    ]);
    expect(index.places[0]?.description).toBe('a description');
    expect(index.notes).toEqual([]);
    expect(index.exactTime(1).seconds).toBe(1_700_000_000);
  });

  it('simple and obsolete packet blocks', () => {
    const writer = new SectionWriter(true);
    const { u32, u16 } = writer;
    const { bytes } = packet;
    const padding = new Uint8Array((4 - (bytes.length % 4)) % 4);
    const file = join(
      writer.header(),
      writer.interface({}),
      writer.block(3, u32(bytes.length), bytes, padding),
      writer.block(
        2,
        u16(0),
        u16(7),
        u32(0),
        u32(5_000_000),
        u32(bytes.length),
        u32(bytes.length),
        bytes,
        padding,
      ),
      writer.block(5, u32(0), u32(0), u32(0), writer.option(5, writer.u64(12n))),
    );
    const index = readAll(file);
    expect(index.packetCount).toBe(2);
    expect(index.exactTime(1)).toEqual({ seconds: 5, nanoseconds: 0 });
    expect(index.places[0]?.lost).toBe(12);
  });

  it('a packet of an interface that is not described is said', () => {
    const index = readAll(pcapngSection([{ ...packet, interface: 3 }]));
    expect(index.packetCount).toBe(0);
    expect(index.notes.join()).toMatch(/interface 3, which the section does not describe/);
  });

  it('a link type that is not decoded is listed and said', () => {
    const index = readAll(pcapngSection([packet], { interfaces: [{ linkType: 105 }] }));
    expect(index.packetCount).toBe(1);
    expect(index.notes).toEqual(['link type 105 is not decoded; its packets are listed only']);
  });
});
