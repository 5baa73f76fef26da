import { describe, expect, it } from 'vitest';
import { readStrictJson } from './json-strict';

const lines = (text: string): number[] => text.split('\n').map((_line, i) => 10 + i);
const read = (text: string): ReturnType<typeof readStrictJson> => readStrictJson(text, lines(text));

describe('the strict reader', () => {
  it('gives every value its lines, and keys theirs', () => {
    const root = read('{\n  "a":\n    [1, "two",\n     null],\n  "b": {"c": true}\n}');
    expect(root).toMatchObject({ line: 10, endLine: 15, kind: 'object', closed: true });
    const members = root?.kind === 'object' ? root.members : [];
    expect(members.map(({ key, line, endLine }) => [key, line, endLine])).toEqual([
      ['a', 11, 13],
      ['b', 14, 14],
    ]);
    expect(members[0]?.value).toMatchObject({
      line: 12,
      items: [
        { kind: 'number', value: 1 },
        { kind: 'string', value: 'two', line: 12 },
        { kind: 'null', line: 13 },
      ],
    });
  });

  it('keeps the digits of numbers and resolves escapes', () => {
    expect(read('[133601411840022518]')).toMatchObject({ items: [{ text: '133601411840022518' }] });
    expect(read(String.raw`["a\"b\\cä\n"]`)).toMatchObject({ items: [{ value: 'a"b\\cä\n' }] });
    expect(read('["a\\u00e4"]')).toMatchObject({ items: [{ value: 'aä' }] });
  });

  it.each([
    '{"a": 1,}',
    '[1 2]',
    '{a: 1}',
    "{'a': 1}",
    '{"a": 01}',
    '["\\q"]',
    '["open',
    '["line\nbreak"]',
    '{"a": 1} x',
    '[1] // c',
    '{"a" 1}',
    '[tru]',
    '[-]',
    '{',
    '',
  ])('leaves %j to the tolerant reader', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('reads JSON as the platform does', () => {
    const value = { x: [1.5e3, -2, 'a\tb', { y: [], z: {} }], 'k"ey': [true, false, null] };
    const plain = (v: unknown): unknown => {
      const json = v as ReturnType<typeof readStrictJson>;
      if (json?.kind === 'object')
        return Object.fromEntries(json.members.map((m) => [m.key, plain(m.value)]));
      if (json?.kind === 'array') return json.items.map(plain);
      return json?.kind === 'null' ? null : json?.value;
    };
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)])
      expect(plain(read(text))).toEqual(value);
  });
});
