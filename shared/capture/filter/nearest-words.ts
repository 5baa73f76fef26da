import { CONNECTIVES, WORDS } from './vocabulary';

/** Words of the language that are close to a text: a slip of the finger, or its beginning. */
export function nearestWords(text: string): string[] {
  const wanted = text.toLowerCase();
  return [...WORDS.map(({ word }) => word), ...CONNECTIVES]
    .map((word) => ({ word, far: word.startsWith(wanted) ? 0 : distance(wanted, word) }))
    .filter(({ word, far }) => far <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** Letters to change, add or leave out (Levenshtein); texts longer than the words are far from all. */
function distance(a: string, b: string): number {
  if (a.length > 20) return a.length;
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
