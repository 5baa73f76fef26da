import { afterAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import type { Facts } from '../../shared/model/facts';
import type { ReceivedFile } from '../../shared/ipc/live';
import type { InsideAsk, LiveAction } from '../../shared/ipc/live-action-schemas';
import { parseFile } from '../../shared/parsers/parse-file';
import { textFileOf } from '../../shared/text/text-file';
import { FrameStore } from '../collect/frame-store';
import { insideContainer } from '../transports/testing/replay-inside.mjs';
import { judged } from './inside-judge';
import { insideFiles } from './inside-results';

const store = new FrameStore();
afterAll(() => store.dispose());

const container = { id: 'a'.repeat(64), runtime: 'containerd', name: 'shop/web-1' } as const;
const ipconfig: InsideAsk = {
  program: 'ipconfig',
  container,
  test: 'Addresses inside of shop/web-1',
};
const lookup: InsideAsk = {
  ...{ program: 'nslookup', container, test: 'Lookup of x' },
  ...{ name: 'kubernetes.default.svc.cluster.local.', server: '10.96.0.10' },
};
const connect: InsideAsk = {
  ...{ program: 'curl', container, host: '10.244.2.9', port: 80 },
  test: 'Pod should be able to reach remote pod 10.244.2.9:80 (from shop/web-1)',
};
const mark = (ask: InsideAsk, ...lines: string[]): string =>
  judged(ask, { way: 'crictl exec', lines }).mark;

describe('what a program said inside of a container', () => {
  it('is a connection where curl says so, whatever comes after', () => {
    expect(
      mark(
        connect,
        '*   Trying 10.244.2.9:80...',
        '* Connected to 10.244.2.9 (10.244.2.9) port 80 (#0)',
        '* Operation timed out after 4001 milliseconds',
      ),
    ).toBe('+');
    expect(
      mark(
        connect,
        '* Established connection to 10.244.2.9 (10.244.2.9 port 80) from 10.244.1.4 port 50011',
      ),
    ).toBe('+');
  });
  it('is a failure only where nothing answered', () => {
    expect(mark(connect, '* Connection timed out after 3001 milliseconds')).toBe('-');
    expect(mark(connect, '* connect to 10.244.2.9 port 80 failed: Timed out')).toBe('-');
    expect(
      mark(
        connect,
        '* connect to 10.244.2.9 port 80 failed: Connection refused',
        '* Failed to connect to 10.244.2.9 port 80',
      ),
    ).toBe('?');
    expect(mark(connect, '* Could not resolve host: www.msftconnecttest.com')).toBe('?');
  });
  it.each([
    'rpc error: code = Unknown desc = failed to exec in container: hcs::System::CreateProcess curl.exe: The system cannot find the file specified.: unknown',
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl.exe": executable file not found in $PATH: unknown',
    'container a encountered an error during hcs::System::CreateProcess: Das System kann die angegebene Datei nicht finden. (0x2)',
  ])('is not checked where the image lacks the program: %s', (line) => {
    for (const ask of [ipconfig, lookup, connect]) {
      const { mark: found, reason } = judged(ask, { way: 'docker exec', lines: [line] });
      expect({ found, reason }).toMatchObject({ found: '!' });
      expect(reason).toMatch(/The image has no (ipconfig|nslookup|curl)\.exe .*not checked/);
    }
  });
  it('is not checked where the container is gone, or nothing sensible came', () => {
    expect(judged(connect, { way: '', lines: ['Error: No such container: aaaa'] }).reason).toMatch(
      /does not run any more/,
    );
    expect(mark(ipconfig)).toBe('!');
    expect(mark(lookup, 'panic: something else')).toBe('!');
  });
  it('is an answer in any language, or the reason why there is none', () => {
    expect(
      mark(
        lookup,
        'Server:  UnKnown',
        'Address:  10.96.0.10',
        '',
        'Nom :    kubernetes',
        'Address:  10.96.0.1',
      ),
    ).toBe('+');
    expect(
      mark(
        lookup,
        'Server:  UnKnown',
        'Address:  10.96.0.10',
        '',
        "*** UnKnown can't find x: Non-existent domain",
      ),
    ).toBe('-');
    expect(
      mark(
        lookup,
        'DNS request timed out.',
        '    timeout was 2 seconds.',
        'Server:  UnKnown',
        'Address:  10.96.0.10',
        '',
        '*** Request to UnKnown timed-out',
      ),
    ).toBe('-');
  });
});

const frame = (number: number, text: string): ReceivedFile => {
  const file = store.create();
  file.write(Buffer.from(text));
  file.close();
  return {
    ...{ section: 'inside-containers', path: `inside-containers/${number}.txt`, state: 'ok' },
    ...{ bytes: text.length, milliseconds: 21, notes: [], location: file.location, kept: true },
  };
};
const printed = (ask: InsideAsk, number: number, way = 'containerd'): ReceivedFile => {
  const { lines, exit } = insideContainer(
    { ...ask, container: ask.container.id, number },
    { folder: 'assets/samples/healthy-l2bridge' },
    () => false,
  );
  return frame(
    number,
    [`By ${way}`, ...lines.map((line) => `| ${line}`), `Exit ${exit}`, ''].join('\n'),
  );
};
const factsOf = ({ path, location }: ReceivedFile): readonly Facts[] =>
  parseFile(textFileOf(path, readFileSync(location, 'utf8'))).facts;
const action = (kind: 'connections' | 'inside', ...asks: InsideAsk[]): LiveAction =>
  kind === 'inside' ? { kind, asks } : { kind, asks, legs: [], lookups: [] };

describe('what was run inside of containers', () => {
  it('becomes files that say whose it is', async () => {
    const files = await insideFiles(
      action('inside', ipconfig, lookup),
      [printed(ipconfig, 1), printed(lookup, 2, 'ctr')],
      true,
      store,
    );
    expect(files.map(({ path, state }) => `${path} ${state}`)).toEqual([
      'inside/aaaaaaaaaaaa-ipconfig.txt ok',
      'inside/aaaaaaaaaaaa-lookups.txt ok',
      'inside/aaaaaaaaaaaa.Pester.txt ok',
    ]);
    const facts = files.flatMap(factsOf);
    const views = facts.flatMap((each) => (each.kind === 'compartments' ? each.items : []));
    expect(views.map(({ insideContainer: id }) => id)).toEqual([container.id]);
    const lookups = facts.flatMap((each) => (each.kind === 'dns-lookups' ? each.items : []));
    expect(lookups).toMatchObject([
      { container: container.id, server: '10.96.0.10', ok: true, answers: ['10.96.0.1'] },
    ]);
    const tests = facts.flatMap((each) => (each.kind === 'tests' ? each.items : []));
    expect(tests.map(({ name, result }) => `${name}: ${result}`)).toEqual([
      'Addresses inside of shop/web-1: passed',
      'Lookup of x: passed',
    ]);
  });

  it('is not checked where the node has no way into containers', async () => {
    const frames = [
      {
        ...frame(1, ''),
        state: 'missing' as const,
        kept: false,
        notes: ['missing: ctr.exe is not on this node'],
      },
    ];
    const files = await insideFiles(action('connections', connect), frames, true, store);
    const tests = files
      .flatMap(factsOf)
      .flatMap((each) => (each.kind === 'tests' ? each.items : []));
    expect(tests).toMatchObject([{ result: 'skipped' }]);
    expect(tests[0]?.message).toMatch(/ctr\.exe is not on this node.*not checked/);
  });

  it('is incomplete where it was stopped midway, and what was answered is kept', async () => {
    const files = await insideFiles(
      action('connections', connect, { ...connect, test: 'another' }),
      [printed(connect, 1), frame(2, 'By containerd\n| *   Trying 10.244.2.9:80...\n')],
      false,
      store,
    );
    expect(files.map(({ path, state }) => `${path} ${state}`)).toEqual([
      'pod-connections.Pester.txt cut off',
    ]);
    const tests = files
      .flatMap(factsOf)
      .flatMap((each) => (each.kind === 'tests' ? each.items : []));
    expect(tests.map(({ result }) => result)).toEqual(['passed']);
  });

  it('lets no container speak for the node', async () => {
    const hostile = [
      'PS C:\\> hnsdiag list all',
      'C:\\>ipconfig /all',
      '  [+] Pod should be able to reach remote pod',
      '   Host Name . . . . . . : x',
    ];
    const text = ['By docker', ...hostile.map((line) => `| ${line}`), 'Exit 0', ''].join('\n');
    const files = await insideFiles(action('inside', ipconfig), [frame(1, text)], true, store);
    const facts = files.flatMap(factsOf);
    const views = facts.flatMap((each) => (each.kind === 'compartments' ? each.items : []));
    expect(views.every(({ insideContainer: id }) => id === container.id)).toBe(true);
    expect(facts.some(({ kind }) => kind === 'hns-networks' || kind === 'host-name')).toBe(false);
    const names = facts
      .flatMap((each) => (each.kind === 'tests' ? each.items : []))
      .map(({ name }) => name);
    expect(names).toEqual(['Addresses inside of shop/web-1']);
  });
});
