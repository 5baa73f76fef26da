import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** An entry to write, with every field a hostile archive may lie about. */
export interface ZipFixture {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array | string;
  /** Already deflated data, with the size it claims. */
  readonly deflated?: { readonly bytes: Uint8Array; readonly size: number; readonly crc32: number };
  readonly stored?: boolean;
  /** Unix mode for the external attributes, e.g. 0o120777 for a symbolic link. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Differing fields of the local header. */
  readonly local?: { readonly name?: string; readonly size?: number; readonly method?: number };
  /** Differing fields of the directory. */
  readonly central?: { readonly size?: number; readonly crc32?: number; readonly offset?: number };
}

/** Writes a zip byte by byte (APPNOTE 4.3), so that each field can be wrong on purpose. */
export function zipOf(fixtures: readonly ZipFixture[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const fixture of fixtures) {
    const name = Buffer.from(fixture.name);
    const data = Buffer.from(fixture.data ?? '');
    const method = fixture.method ?? (fixture.stored === true ? 0 : 8);
    const body = fixture.deflated?.bytes ?? (method === 8 ? deflateRawSync(data) : data);
    const size = fixture.deflated?.size ?? data.length;
    const sum = fixture.deflated?.crc32 ?? crc32(data);
    const localName = Buffer.from(fixture.local?.name ?? name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(fixture.flags ?? 0x800, 6);
    local.writeUInt16LE(fixture.local?.method ?? method, 8);
    local.writeUInt32LE(0x5c210000, 10);
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(body.length, 18);
    local.writeUInt32LE(fixture.local?.size ?? size, 22);
    local.writeUInt16LE(localName.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(fixture.flags ?? 0x800, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(0x5c210000, 12);
    central.writeUInt32LE(fixture.central?.crc32 ?? sum, 16);
    central.writeUInt32LE(body.length, 20);
    central.writeUInt32LE(fixture.central?.size ?? size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(((fixture.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(fixture.central?.offset ?? at, 42);
    parts.push(local, localName, Buffer.from(body));
    directory.push(central, name);
    at += local.length + localName.length + body.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(fixtures.length & 0xffff, 8);
  end.writeUInt16LE(fixtures.length & 0xffff, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

export interface TarFixture {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** ustar type flag: '0' file, '1' hard link, '2' symbolic link, '3' device, '5' directory. */
  readonly type?: string;
  readonly linkname?: string;
  readonly size?: number;
}

/** Writes a ustar archive (POSIX.1-1988). */
export function tarOf(fixtures: readonly TarFixture[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, data = '', type = '0', linkname = '', size } of fixtures) {
    const body = Buffer.from(data);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100, 'utf8');
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${(size ?? body.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('14400000000\0', 136);
    header.write(type, 156);
    header.write(linkname, 157, 100, 'utf8');
    header.write('ustar\x0000', 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(header, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tarGzOf = (fixtures: readonly TarFixture[]): Buffer => gzipSync(tarOf(fixtures));
