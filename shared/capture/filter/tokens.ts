/** A piece of a filter's text; `from` and `to` are places in it. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'comparison' | 'mark' | 'open-quote';
  /** Without quotation marks. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const PATTERN = /\s+|"([^"]*)"|(")|(>=|<=|!=|==|[=~<>])|([()])|([^\s"=~<>!()]+|!)/gy;

/** Cuts a filter into its pieces. Every text has some; none is left out but blanks. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(text); match !== null; match = PATTERN.exec(text)) {
    const [all, quoted, openQuote, comparison, mark, word] = match;
    const from = match.index;
    const to = from + all.length;
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted, from, to });
    else if (openQuote !== undefined) {
      tokens.push({ kind: 'open-quote', text: text.slice(to), from, to: text.length });
      break;
    } else if (comparison !== undefined)
      tokens.push({ kind: 'comparison', text: comparison === '==' ? '=' : comparison, from, to });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, from, to });
    else if (word === '!') tokens.push({ kind: 'word', text: 'not', from, to });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, from, to });
  }
  return tokens;
}
