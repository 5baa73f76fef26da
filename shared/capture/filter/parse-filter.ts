import { parseIpRange, type IpRange } from '../../model/ip';
import { nearestWords } from './nearest-words';
import { tokensOf, type Token } from './tokens';
import { wordOf, type Word } from './vocabulary';

export type Comparison = '=' | '!=' | '~' | '>' | '>=' | '<' | '<=';

/** A filter as a tree. */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'flag'; readonly word: string }
  | { readonly kind: 'address'; readonly word: string; readonly range: IpRange }
  | {
      readonly kind: 'number';
      readonly word: string;
      readonly comparison: Exclude<Comparison, '~'>;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'text';
      readonly word: string;
      readonly comparison: '=' | '!=' | '~';
      readonly value: string;
    };

/** Why a text is no filter, and which characters are meant. */
export interface FilterProblem {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** Words that may have been meant. */
  readonly suggestions: readonly string[];
}

export type ParsedFilter =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly problem: FilterProblem };

/** Deeper than this, brackets are refused. */
const MOST_DEPTH = 50;

/**
 * Reads a filter: words with their values, joined by `and` (which may be left out), `or`, `not` and
 * brackets. An empty text lets everything pass. Never throws.
 */
export function parseFilter(text: string): ParsedFilter {
  const parser = new Parser(tokensOf(text), text.length);
  try {
    return { ok: true, filter: parser.whole() };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: error.problem };
    throw error;
  }
}

class Refused extends Error {
  constructor(readonly problem: FilterProblem) {
    super(problem.message);
  }
}

class Parser {
  #at = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly length: number,
  ) {}

  whole(): Filter {
    if (this.tokens.length === 0) return { kind: 'all' };
    const filter = this.#or();
    const rest = this.#peek();
    if (rest !== undefined) throw this.#refuse(rest, 'This bracket closes nothing.');
    return filter;
  }

  #or(): Filter {
    const parts = [this.#and()];
    while (this.#take('or')) parts.push(this.#and());
    return joined('or', parts);
  }

  #and(): Filter {
    const parts = [this.#not()];
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next.text === ')' || isWord(next, 'or')) break;
      this.#take('and');
      parts.push(this.#not());
    }
    return joined('and', parts);
  }

  #not(): Filter {
    this.#depth += 1;
    const token = this.#peek();
    if (this.#depth > MOST_DEPTH && token !== undefined)
      throw this.#refuse(token, `More than ${MOST_DEPTH} brackets in each other.`);
    const filter = this.#notInside();
    this.#depth -= 1;
    return filter;
  }

  #notInside(): Filter {
    if (this.#take('not')) return { kind: 'not', part: this.#not() };
    const open = this.#peek();
    if (open?.kind === 'mark' && open.text === '(') {
      this.#at += 1;
      const inner = this.#or();
      const close = this.#peek();
      if (close?.text !== ')') throw this.#refuse(open, 'This bracket is not closed.');
      this.#at += 1;
      return inner;
    }
    return this.#term();
  }

  #term(): Filter {
    const token = this.#peek();
    if (token === undefined) throw this.#atEnd('A word must follow here.');
    if (token.kind === 'open-quote')
      throw this.#refuse(token, 'This quotation mark is not closed.');
    if (token.kind !== 'word') throw this.#refuse(token, 'A word must stand here.');
    const word = wordOf(token.text);
    if (word === undefined) return this.#bare(token);
    this.#at += 1;
    if (word.kind === 'flag') return { kind: 'flag', word: word.word };
    const comparison = this.#comparison();
    const value = this.#peek();
    if (value === undefined) throw this.#atEnd(`What ${word.word} is asked for is missing.`);
    if (value.kind === 'open-quote')
      throw this.#refuse(value, 'This quotation mark is not closed.');
    if (value.kind === 'mark')
      throw this.#refuse(value, `What ${word.word} is asked for is missing.`);
    this.#at += 1;
    return this.#valued(word, comparison, value);
  }

  /** A word that is none of the language: an address means `ip`; anything else is refused. */
  #bare(token: Token): Filter {
    const range = parseIpRange(token.text);
    if (range !== undefined) {
      this.#at += 1;
      return { kind: 'address', word: 'ip', range };
    }
    throw this.#refuse(token, `${token.text} is no word of a filter.`, nearestWords(token.text));
  }

  #valued(word: Word, comparison: Comparison | undefined, value: Token): Filter {
    switch (word.kind) {
      case 'address': {
        const range = parseIpRange(value.text);
        if (range === undefined)
          throw this.#refuse(
            value,
            `${value.text} is no address, prefix (10.244.0.0/16) or range.`,
          );
        const is: Filter = { kind: 'address', word: word.word, range };
        if (comparison === undefined || comparison === '=') return is;
        if (comparison === '!=') return { kind: 'not', part: is };
        throw this.#refuse(value, 'Addresses are compared with = and != only.');
      }
      case 'number': {
        const match = /^(\d+)(?:-(\d+))?$/.exec(value.text);
        if (match === null || comparison === '~')
          throw this.#refuse(value, `${word.word} takes a number, as in ${word.example ?? ''}.`);
        const from = Number(match[1]);
        const to = match[2] === undefined ? from : Number(match[2]);
        return { kind: 'number', word: word.word, comparison: comparison ?? '=', from, to };
      }
      case 'text':
        if (
          comparison !== undefined &&
          comparison !== '=' &&
          comparison !== '!=' &&
          comparison !== '~'
        )
          throw this.#refuse(value, `${word.word} is compared with =, != and ~ (holds) only.`);
        return {
          kind: 'text',
          word: word.word,
          comparison: comparison ?? '~',
          value: value.text.toLowerCase(),
        };
      case 'flag':
        return { kind: 'flag', word: word.word };
    }
  }

  #comparison(): Comparison | undefined {
    const token = this.#peek();
    if (token?.kind !== 'comparison') return undefined;
    this.#at += 1;
    return token.text as Comparison;
  }

  #peek(): Token | undefined {
    return this.tokens[this.#at];
  }

  #take(word: string): boolean {
    const next = this.#peek();
    if (next === undefined || !isWord(next, word)) return false;
    this.#at += 1;
    return true;
  }

  #refuse(token: Token, message: string, suggestions: readonly string[] = []): Refused {
    return new Refused({ from: token.from, to: token.to, message, suggestions });
  }

  #atEnd(message: string): Refused {
    return new Refused({ from: this.length, to: this.length, message, suggestions: [] });
  }
}

const isWord = (token: Token, word: string): boolean =>
  token.kind === 'word' && token.text.toLowerCase() === word;

function joined(kind: 'and' | 'or', parts: readonly Filter[]): Filter {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}
