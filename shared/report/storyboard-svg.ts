import type { Storyboard } from '../trace/storyboard';
import { blankSecretsInLine } from '../secrets/blank-secrets';
import { storyView } from '../views/trace/story-view';
import { markup, type Markup } from './markup';
import { STORY_STYLE } from './story-style';

/** Sizes in px; text is 12 px, that of headers 11 px and of fixed width. */
const PANEL = 252;
const GAP = 22;
const PADDING = 12;
const LINE = 16;
const MONO = 6.65;
const ACROSS = 4;
const HEAD = 34;

type Story = ReturnType<typeof storyView>;
type Panel = Story['moments'][number];
interface Laid {
  readonly moment: Panel;
  readonly lines: readonly string[];
  readonly height: number;
}

/**
 * A storyboard as inline SVG: a panel for each moment, read like a page, the packet's header in each
 * with what changed marked. No scripts; all text escaped, secrets blanked; colours from the report's style.
 */
export function storyboardSvg(story: Storyboard): Markup {
  return draw(storyView(story));
}

/** The same as a file by itself, light or dark by the reader's system. */
export function storyboardFile(story: Storyboard): string {
  const { text } = draw(storyView(story));
  const styled = text.replace(
    /^<svg class="story"/,
    '<svg xmlns="http://www.w3.org/2000/svg" class="story"',
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${styled.replace('>', `><style>${STORY_STYLE}</style>`)}\n`;
}

const safe = (text: string): string => blankSecretsInLine(text);

function draw(story: Story): Markup {
  const panels = story.moments.map(laid);
  const rows: Laid[][] = [];
  for (let at = 0; at < panels.length; at += ACROSS) rows.push(panels.slice(at, at + ACROSS));
  const width = ACROSS * PANEL + (ACROSS - 1) * GAP + 2;
  let top = HEAD;
  const drawn = rows.map((row, index) => {
    const height = Math.max(...row.map((each) => each.height));
    const at = top;
    top += height + GAP;
    return row.map((panel, column) =>
      panelSvg(panel, story, index * ACROSS + column, 1 + column * (PANEL + GAP), at, height),
    );
  });
  const mark = story.end.tone === 'ok' ? '✓' : story.end.tone === 'error' ? '✕' : '◌';
  const { from, to } = story.question;
  const title = `${from} → ${to}: ${story.end.title}`;
  return markup`<svg class="story" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" role="img" aria-label="${safe(title)}"><rect class="ground" width="${width}" height="${top}"/><text class="name" x="2" y="18">${cut(safe(`${from} → ${to}`), 90)}</text><text class="verdict ${story.end.tone}" x="${width - 4}" y="18" text-anchor="end">${mark} ${story.end.title}</text>${drawn}</svg>`;
}

/** A tunnel takes two lines: what it is, and from where to where. */
function headerOf({ header }: Panel): Panel['header'] {
  return header.flatMap((line) => {
    const [kind = '', ends] = line.text.split(': ');
    if (line.label !== 'tunnel' || ends === undefined) return [line];
    return [
      { ...line, text: kind },
      { ...line, label: '', text: ends.replace(' → ', '→') },
    ];
  });
}

function laid(moment: Panel): Laid {
  const lines = wrapped(safe(moment.sentence), PANEL - 2 * PADDING);
  const height =
    PADDING + LINE + 8 + headerOf(moment).length * LINE + 12 + lines.length * LINE + PADDING - 4;
  return { moment, lines, height };
}

function panelSvg(
  { moment, lines }: Laid,
  story: Story,
  index: number,
  left: number,
  top: number,
  height: number,
): Markup {
  const column = story.columns[moment.column];
  const last = index === story.moments.length - 1;
  const look = moment.isBreak || last ? story.end.tone : moment.reply ? 'reply' : '';
  const x = left + PADDING;
  let y = top + PADDING + 11;
  const title = `${index + 1} · ${column?.title ?? ''}`;
  const head = markup`<text class="place" x="${x}" y="${y}">${cut(title, moment.reply ? 22 : 31)}</text>${moment.reply ? markup`<text class="dim" x="${left + PANEL - PADDING}" y="${y}" text-anchor="end">answer</text>` : undefined}`;
  y += 10;
  const header = headerOf(moment).map(({ label, text, changed }) => {
    y += LINE;
    const at = x + 44;
    const shown = cut(text, Math.floor((PANEL - 2 * PADDING - 44) / MONO));
    const band = changed
      ? markup`<rect class="changed" x="${at - 3}" y="${y - 12}" width="${Math.round(shown.length * MONO + 6)}" height="${LINE}"/>`
      : undefined;
    return markup`${band}<text class="dim" x="${x}" y="${y}">${label}</text><text class="mono" x="${at}" y="${y}">${shown}</text>`;
  });
  y += 10;
  const sentence = lines.map((line) => {
    y += LINE;
    return markup`<text x="${x}" y="${y}">${line}</text>`;
  });
  const middle = top + Math.min(height, 60) / 2;
  const arrow =
    index === 0 || index % ACROSS === 0
      ? undefined
      : markup`<path class="way" d="M${left - GAP + 4} ${middle}h${GAP - 9}m-5 -4l5 4l-5 4"/>`;
  return markup`${arrow}<g class="panel ${look}"><title>${safe(moment.sentence)}</title><rect x="${left}" y="${top}" width="${PANEL}" height="${height}" rx="6"/>${head}${header}${sentence}</g>`;
}

/** About how wide a text is: capitals and digits take more than small letters. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (/[A-Z_mw→]/.test(letter) ? 8.6 : 7), 0);

/** Lines of at most `room` px; a word that is longer is cut into pieces. */
function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, room))) {
    if (line !== '' && widthOf(`${line} ${word}`) > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

function pieces(word: string, room: number): readonly string[] {
  if (widthOf(word) <= room) return [word];
  let end = word.length - 1;
  while (end > 1 && widthOf(word.slice(0, end)) > room) end -= 1;
  return [word.slice(0, end), ...pieces(word.slice(end), room)];
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(-tail)}`;
}
