import { readFile } from 'node:fs/promises';
import type { InsideAsk, LiveAction } from '../../shared/ipc/live-action-schemas';
import type { ReceivedFile } from '../../shared/ipc/live';
import type { FrameStore } from '../collect/frame-store';
import { judged, type InsideAnswer, type Judged } from './inside-judge';

/** The section of the script in which programs run inside of containers: a frame for each. */
export const INSIDE_SECTION = 'inside-containers';

/** A text that becomes a file of the snapshot. */
export interface InsideText {
  readonly section: string;
  readonly path: string;
  readonly text: string;
  /** All that belongs into it came. */
  readonly whole: boolean;
}

/** What came of one program. */
interface Done {
  readonly ask: InsideAsk;
  readonly answer: InsideAnswer | undefined;
  readonly result: Judged;
  readonly milliseconds: number;
}

/**
 * Makes of what programs printed inside of containers what parsers of a snapshot know: transcripts
 * of ipconfig and nslookup, one file a container, and results as Pester prints them.
 * @param frames the frames of the section
 * @param ended the script came to its end: what has no frame then could not be run
 */
export async function insideFiles(
  action: LiveAction,
  frames: readonly ReceivedFile[],
  ended: boolean,
  store: FrameStore,
): Promise<readonly ReceivedFile[]> {
  const asks = asksOf(action);
  const done: Done[] = [];
  for (const [at, ask] of asks.entries()) {
    const frame = frames.find(({ path }) => path === framePath(at));
    const answer = frame === undefined ? undefined : await answerOf(frame);
    if (answer !== undefined) {
      const milliseconds = frame?.milliseconds ?? 0;
      done.push({ ask, answer, result: judged(ask, answer), milliseconds });
    } else if (ended) {
      const reason = notStarted(frames);
      done.push({ ask, answer: undefined, result: { mark: '!', reason }, milliseconds: 0 });
    }
  }
  return insideTexts(action, done, asks.length).map((each) => stored(each, store));
}

const framePath = (at: number): string => `${INSIDE_SECTION}/${at + 1}.txt`;

/** What an action runs inside of containers. */
export const asksOf = (action: LiveAction): readonly InsideAsk[] =>
  action.kind === 'connections' || action.kind === 'inside' ? action.asks : [];

/** The answer in a frame; undefined when the program had not ended, or was not started. */
async function answerOf({ location, kept }: ReceivedFile): Promise<InsideAnswer | undefined> {
  if (!kept) return undefined;
  const [by = '', ...lines] = (await readFile(location, 'utf8')).split('\n');
  if (!lines.some((line) => /^Exit -?\d*$/.test(line))) return undefined;
  const tool = by.replace(/^By /, '').trim();
  return {
    way: { ctr: 'ctr tasks exec', docker: 'docker exec' }[tool] ?? 'crictl exec',
    lines: lines.flatMap((line) => (line.startsWith('| ') ? [line.slice(2).trimEnd()] : [])),
  };
}

function notStarted(frames: readonly ReceivedFile[]): string {
  const note = frames.flatMap(({ notes }) => notes)[0]?.replace(/^missing: /, '');
  return note === undefined
    ? 'It was not started: not checked.'
    : `It was not started (${note.replace(/\s+/g, ' ').slice(0, 200)}): not checked.`;
}

/** The texts of what was done, of `wanted` programs in all. */
export function insideTexts(
  action: LiveAction,
  done: readonly Done[],
  wanted: number,
): readonly InsideText[] {
  const whole = done.length === wanted;
  const texts: InsideText[] = [];
  const containers = new Map(done.map(({ ask }) => [ask.container.id, ask.container]));
  for (const { id, name } of containers.values()) {
    const short = id.slice(0, 12);
    for (const [program, about] of [
      ['ipconfig', 'ipconfig'],
      ['nslookup', 'lookups'],
    ] as const) {
      const own = done.filter(({ ask }) => ask.container.id === id && ask.program === program);
      const text = own.flatMap((each) => transcript(each)).join('\n');
      if (text !== '')
        texts.push({
          section: `inside-${short}-${about}`,
          path: `inside/${short}-${about}.txt`,
          ...{ text, whole },
        });
    }
    if (action.kind === 'inside')
      texts.push({
        section: `inside-${short}`,
        path: `inside/${short}.Pester.txt`,
        text: pester(
          `Inside of ${name}`,
          done.filter(({ ask }) => ask.container.id === id),
        ),
        whole,
      });
  }
  if (action.kind === 'connections' && done.length > 0)
    texts.push({
      section: 'pod-connections',
      path: 'pod-connections.Pester.txt',
      text: pester('Connections of pods', done),
      whole,
    });
  return texts;
}

/** As a console shows it, so that parsers know whose answer it is. Nothing is shown of what could not run. */
function transcript({ ask, answer, result }: Done): readonly string[] {
  if (answer === undefined || ask.program === 'curl' || result.mark === '!') return [];
  const command =
    ask.program === 'nslookup'
      ? `nslookup.exe -timeout=2 -retry=1 ${ask.name}${ask.server === null ? '' : ` ${ask.server}`}`
      : 'ipconfig.exe /all';
  const own = answer.lines.filter((line) => OWN_LINES[ask.program].some((form) => form.test(line)));
  const others = answer.lines.length - own.length;
  return [
    `PS C:\\> ${answer.way} ${ask.container.id} ${command}`,
    ...own,
    ...(others === 0 ? [] : [`(lines left out that are none of this program: ${others})`]),
    '',
  ];
}

/**
 * The forms of lines that these programs print, in any language. An image can hold programs of any
 * make by these names: what else they print would speak for the node, and is left out.
 */
const OWN_LINES: Readonly<Record<'ipconfig' | 'nslookup', readonly RegExp[]>> = {
  ipconfig: [
    /^\s*$/,
    /^[^:{}[\]<>#$@|"=]{0,20}\bIP\b[^:{}[\]<>#$@|"=]{0,20}$/,
    /^\s{3,}[^\s[{].{0,80}?[ .]:(?: |$)/,
    /^\s{12,}[^\s[{][^\s]{0,200}(?: ?\([^()]*\))?\s*$/,
    /^[^\s:{}[\]<>#$@|"=][^:{}[\]<>#$@|"=]{2,120}:\s*$/,
  ],
  nslookup: [
    /^\s*$/,
    /^[^:{}[\]<>#$@|"=]{2,30}:(?:\s+[^\s{}[\]<>#$@|"=]+)?\s*$/,
    /^\s+[0-9a-f.:]+\s*$/i,
    /^\*\*\* [^{}[\]<>#$@|"=]{1,300}$/,
    /^\s*(?:DNS request timed out\.|timeout was \d+ seconds?\.)\s*$/,
  ],
};

function pester(suite: string, done: readonly Done[]): string {
  const lines = done.flatMap(({ ask, result: { mark, reason }, milliseconds }) => [
    `  [${mark}] ${ask.test} ${milliseconds}ms`,
    ...(reason === '' ? [] : [`    ${reason}`]),
  ]);
  return [`Describing ${suite}`, ...lines, ''].join('\n');
}

function stored({ section, path, text, whole }: InsideText, store: FrameStore): ReceivedFile {
  const bytes = Buffer.from(text);
  const file = store.create();
  file.write(bytes);
  file.close();
  return {
    ...{ section, path, bytes: bytes.length, location: file.location, kept: true },
    state: whole ? 'ok' : 'cut off',
    notes: whole ? [] : ['Not everything was asked.'],
  };
}
