import type { BundleTexts } from './bundle';
import { SCENARIOS } from './scenarios';

/** UTF-16LE with a byte order mark: what `>` of Windows PowerShell 5.1 writes. */
function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes.set([0xff, 0xfe]);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    bytes[2 + 2 * i] = unit & 0xff;
    bytes[3 + 2 * i] = unit >>> 8;
  }
  return bytes;
}

/** `Out-File -Encoding ascii`: what is not ASCII becomes a question mark. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => (c.charCodeAt(0) < 0x80 ? c.charCodeAt(0) : 0x3f));
}

const crlf = (text: string): string => text.replace(/\n/g, '\r\n');

/** What our own collector writes besides: UTF-8 with LF. */
const OURS = /^(versions|hotfixes|hnsversion|nat|dnsclient|tcpip|adapterstatistics(-2)?)\.txt$/;

/**
 * A file's bytes as its producer leaves them: the collector redirects into UTF-16LE with CRLF, and
 * writes vfpOutput.txt and the adapters' files as ASCII; agents and kubectl write UTF-8 with LF.
 */
export function writtenFile(path: string, text: string): Uint8Array {
  if (path === 'vfpOutput.txt' || path.endsWith('_int.txt')) return ascii(crlf(text));
  if (/\.(log|json|conf|env|csv)$/.test(path) || OURS.test(path))
    return new TextEncoder().encode(text);
  return utf16(crlf(text));
}

/** All files of a bundle as bytes. */
export function writtenBundle(bundle: BundleTexts): ReadonlyMap<string, Uint8Array> {
  return new Map([...bundle].map(([path, text]) => [path, writtenFile(path, text)]));
}

/** The folder of built-in samples: `samples.json`, and each sample's files under its id. */
export function sampleFiles(): ReadonlyMap<string, Uint8Array> {
  const list = SCENARIOS.map(({ id, title, sentence, expectedRule }) => ({
    id,
    title,
    sentence,
    broken: expectedRule !== undefined,
    synthetic: true,
  }));
  const files = new Map<string, Uint8Array>();
  files.set('samples.json', new TextEncoder().encode(`${JSON.stringify(list, undefined, 2)}\n`));
  for (const scenario of SCENARIOS) {
    for (const [path, bytes] of writtenBundle(scenario.bundle())) {
      files.set(`${scenario.id}/${path}`, bytes);
    }
    const capture = scenario.capture?.();
    if (capture !== undefined) files.set(`${scenario.id}/packets.pcapng`, capture);
  }
  return files;
}
