import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './console.mjs';

/*
 * Makes the PNG, ICO and ICNS files of assets/icons from icon.svg. They are committed; run this
 * after a change of the drawing. Needs rsvg-convert (Debian: librsvg2-bin).
 * Sources: Microsoft's ICO format (PNG images inside), Apple's ICNS container of PNG images.
 */

const folder = path.join(root, 'assets/icons');
const images = new Map(
  [16, 24, 32, 48, 64, 128, 256, 512, 1024].map((size) => [
    size,
    execFileSync('rsvg-convert', ['-w', size, '-h', size, path.join(folder, 'icon.svg')]),
  ]),
);
for (const [size, png] of images) writeFileSync(path.join(folder, `${size}x${size}.png`), png);
writeFileSync(path.join(folder, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(
  path.join(folder, 'icon.icns'),
  icns([
    ['icp4', 16],
    ['icp5', 32],
    ['icp6', 64],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ]),
);

function ico(sizes) {
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  sizes.forEach((size, index) => {
    const at = 6 + 16 * index;
    const png = images.get(size);
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...sizes.map((size) => images.get(size))]);
}

function icns(entries) {
  const parts = entries.map(([type, size]) => chunk(type, images.get(size)));
  return chunk('icns', Buffer.concat(parts));
}

function chunk(type, body) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}
