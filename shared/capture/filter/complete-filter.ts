import { tokensOf, type Token } from './tokens';
import { CONNECTIVES, WORDS, wordOf } from './vocabulary';

/** A text that may stand at the cursor. */
export interface Completion {
  readonly text: string;
  readonly about: string;
}

/** What may stand in place of `from..to` of the text. */
export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Completion[];
}

/** Values that the capture and the node know, by the word they go with. */
export type KnownValues = (word: string) => readonly Completion[];

const MOST_ITEMS = 12;

/** What can stand at the cursor: words where one begins, values behind a word that takes one. */
export function completeFilter(text: string, cursor: number, known: KnownValues): Completions {
  const before = tokensOf(text.slice(0, cursor));
  const last = before.at(-1);
  const typing =
    last !== undefined && last.to === cursor && last.kind !== 'mark' ? last : undefined;
  const written = typing === undefined ? before : before.slice(0, -1);
  const word = valueFor(typing?.kind === 'comparison' ? before : written);
  const begun =
    typing === undefined || typing.kind === 'comparison' ? '' : typing.text.toLowerCase();
  const from = begun === '' && typing?.kind !== 'open-quote' ? cursor : (typing?.from ?? cursor);
  const items =
    word === undefined ? words(written, begun) : known(word).filter((item) => holds(item, begun));
  return {
    from,
    to: cursor,
    items: items
      .filter((item) => item.text.toLowerCase() !== begun)
      .slice(0, MOST_ITEMS)
      .map((item) => (word === undefined ? item : { ...item, text: quotedIfNeeded(item.text) })),
  };
}

/** The word whose value is missing at the end of these tokens. */
function valueFor(tokens: readonly Token[]): string | undefined {
  const last = tokens.at(-1);
  const at = last?.kind === 'comparison' ? tokens.at(-2) : last;
  if (at?.kind !== 'word' || isValue(tokens, at)) return undefined;
  const word = wordOf(at.text);
  return word === undefined || word.kind === 'flag' ? undefined : word.word;
}

/** `pod pod`: the second is a value. */
function isValue(tokens: readonly Token[], token: Token): boolean {
  const before = tokens[tokens.indexOf(token) - 1];
  if (before?.kind === 'comparison') return true;
  const word = before?.kind === 'word' ? wordOf(before.text) : undefined;
  return (
    word !== undefined && word.kind !== 'flag' && !isValue(tokens.slice(0, -1), before ?? token)
  );
}

function words(written: readonly Token[], begun: string): Completion[] {
  const all: Completion[] = WORDS.map(({ word, about, example }) => ({
    text: word,
    about: example === undefined ? about : `${about}: ${example}`,
  }));
  const last = written.at(-1);
  const needsTerm =
    last === undefined ||
    last.text === '(' ||
    CONNECTIVES.some((each) => last.kind === 'word' && last.text.toLowerCase() === each);
  const connectives: Completion[] = [
    { text: 'and', about: 'both' },
    { text: 'or', about: 'either' },
  ];
  const not: Completion = { text: 'not', about: 'the opposite' };
  const offered = needsTerm ? [...all, not] : [...connectives, not, ...all];
  const starting = offered.filter(({ text }) => text.startsWith(begun));
  const rest =
    begun === '' ? [] : offered.filter((item) => !starting.includes(item) && holds(item, begun));
  return [...starting, ...rest];
}

const holds = ({ text }: Completion, begun: string): boolean => text.toLowerCase().includes(begun);

const quotedIfNeeded = (text: string): string => (/[\s"=~<>!()]/.test(text) ? `"${text}"` : text);
