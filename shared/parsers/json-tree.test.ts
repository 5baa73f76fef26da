import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booleanOf, findJson, itemsOf, member, numberOf, readJsonAt, textOf } from './json-tree';

const lines = (text: string, from = 1): { n: number; text: string }[] =>
  text.split('\n').map((line, i) => ({ n: from + i, text: line }));

describe('findJson', () => {
  it('finds the value after a table, with the lines of the file', () => {
    const [doc, more] = findJson(
      lines('Name Id\n---- --\nnat  1\n\n[\n  {\n    "ID":  "A"\n  }\n]\n', 10),
    );
    expect(more).toBeUndefined();
    expect([doc?.line, doc?.endLine, doc?.complete]).toEqual([14, 18, true]);
    const id = member(itemsOf(doc?.root)[0], 'Id');
    expect([textOf(id), id?.line]).toEqual(['A', 16]);
  });

  it('reads several objects one after another, whatever stands between', () => {
    const docs = findJson(lines('{\n"a":1\n}\nEndpoints:\n{\n"b":2\n}'));
    expect(docs.map((d) => [d.line, d.endLine])).toEqual([
      [1, 3],
      [5, 7],
    ]);
  });

  it('keeps all digits of a FILETIME', () => {
    const [doc] = findJson(
      lines('{"LastUpdateTime":  131999292562686835, "n": "12", "b": "True"}'),
    );
    expect(textOf(member(doc?.root, 'lastupdatetime'))).toBe('131999292562686835');
    expect(numberOf(member(doc?.root, 'N'))).toBe(12);
    expect(booleanOf(member(doc?.root, 'B'))).toBe(true);
  });

  it('gives what is complete of a cut value and drops the half one', () => {
    const [doc] = findJson(lines('{\n  "ID": "A",\n  "IPAddress": "10.244.1'));
    expect(doc?.complete).toBe(false);
    expect(doc?.root.kind === 'object' && doc.root.closed).toBe(false);
    expect(textOf(member(doc?.root, 'ID'))).toBe('A');
    expect(member(doc?.root, 'IPAddress')).toBeUndefined();
    expect(doc?.problems.map((p) => [p.kind, p.line])).toEqual([['truncated', 3]]);
  });

  it('drops a number at the cut: its digits may go on', () => {
    const [doc] = findJson(lines('{"a": 1, "MTU": 14'));
    expect(member(doc?.root, 'MTU')).toBeUndefined();
    expect(numberOf(member(doc?.root, 'a'))).toBe(1);
  });

  it('reports no-break spaces with their line, but not those inside strings', () => {
    const [doc] = findJson(lines('{\n\u00a0\u00a0"type": "a\u00a0b"\n}'));
    expect(textOf(member(doc?.root, 'type'))).toBe('a\u00a0b');
    expect(doc?.problems.map((p) => [p.kind, p.line, p.column])).toEqual([
      ['no-break-space', 2, 1],
    ]);
  });

  it('reports comments and commas too many and still reads the rest', () => {
    const [doc] = findJson(lines('{\n // flannel\n "a": [1, 2,],\n "b": 3\n}'));
    expect(doc?.problems.map((p) => [p.kind, p.line])).toEqual([
      ['comment', 2],
      ['syntax', 3],
    ]);
    expect(numberOf(member(doc?.root, 'b'))).toBe(3);
  });

  it('joins text that the console wrapped inside a string', () => {
    const json = JSON.stringify({
      Name: 'x'.repeat(50),
      ID: '81C0D794-C201-4707-9D12-F1AF435C1916',
      End: 'y'.repeat(40),
    });
    const wrapped = json.match(/.{1,70}/g)?.join('\n') ?? '';
    const [doc] = findJson(lines(wrapped));
    expect(textOf(member(doc?.root, 'ID'))).toBe('81C0D794-C201-4707-9D12-F1AF435C1916');
    expect(doc?.problems.some((p) => p.kind === 'wrapped')).toBe(true);
  });

  it('ends a cut value at the next prompt', () => {
    const docs = findJson(lines('{\n "a": {\nPS C:\\k> hnsdiag list all\n{"b": 1}'));
    expect(docs.map((d) => [d.line, d.endLine, d.complete])).toEqual([
      [1, 2, false],
      [4, 4, true],
    ]);
  });

  it.each([
    '[+] Is Windows Server 2019',
    '{@{Id=1; Name=a}}',
    '[2024-01-01 10:00:00] started',
    'text {"a":1}',
  ])('does not take %s for JSON', (text) => {
    expect(findJson(lines(text))).toEqual([]);
  });

  it('reads a value in the middle of a line when told where', () => {
    const doc = readJsonAt(lines('Response: {"Success":true} done'), 0, 10);
    expect([doc?.before, doc?.after]).toEqual(['Response:', 'done']);
  });

  it('survives brackets without end', () => {
    const [doc] = findJson(lines('['.repeat(200_000)));
    expect(
      doc === undefined ||
        doc.problems.some((p) => p.kind === 'too-deep' || p.kind === 'truncated'),
    ).toBe(true);
  });

  it('never throws and keeps to its lines, wherever the text is cut', () => {
    const whole =
      '[\n  {\n    "ID":  "4D1D",\n    "Health":  {\n  "n":  12\n },\n "P":  [\n "a"\n ]\n  }\n]\n';
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ maxLength: 5 }), (cut, junk) => {
        for (const doc of findJson(lines(whole.slice(0, cut) + junk))) {
          expect(doc.line).toBeGreaterThanOrEqual(1);
          expect(doc.endLine).toBeLessThanOrEqual(13);
        }
      }),
    );
  });
});
