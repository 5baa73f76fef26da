import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSharedIndent } from '../text-line';
import { readObjectLists } from './object-list';

const lines = (text: string): { n: number; text: string }[] =>
  text.split('\n').map((line, i) => ({ n: 1 + i, text: line }));
const value = (text: string, name: string): string | undefined =>
  readObjectLists(lines(text))[0]?.properties.get(name)?.value;

const WORD_WRAPPED = `PS C:\\k> Get-HnsEndpoint

AdditionalParams   :
ID                 : 768B4BD1-774C-47E8-904F-91C007A4B183
Policies           : {@{ExceptionList=System.Object[]; Type=OutBoundNAT}, @{DestinationPrefix=10.96.0.0/12; NeedEncap=True; Type=ROUTE},
                     @{DestinationPrefix=10.127.130.38/32; NeedEncap=True; Type=ROUTE}, @{Type=L2Driver}}
State              : 3

ID                 : 08C4A680-EC11-461A-B673-59E6BF3AA440
`;

const HARD_WRAPPED = `Extensions             : {@{Id=E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A; IsEnabled=False; Name=Microsoft Windows 筛选平台}, @{I
                         d=E9B59CFA-2BE1-4B21-828F-B6FBDBDDC017; IsEnabled=False; Name=Microsoft Azure VFP Switch Exten
                         sion}, @{Id=EA24CD6C-D17A-4348-9190-09F0D5BE83DD; IsEnabled=True; Name=Microsoft NDIS 捕获}}
Flags                  : 0
`;

describe('Format-List objects', () => {
  it('joins values wrapped between words and tells objects apart', () => {
    const objects = readObjectLists(lines(WORD_WRAPPED));
    expect(objects.map((o) => [o.line, o.endLine])).toEqual([
      [3, 7],
      [9, 9],
    ]);
    const policies = objects[0]?.properties.get('policies');
    expect(policies?.value).toContain('Type=ROUTE}, @{DestinationPrefix=10.127.130.38/32');
    expect([policies?.line, policies?.endLine]).toEqual([5, 6]);
    expect(objects[0]?.properties.get('additionalparams')?.value).toBe('');
  });

  it('joins values that the console wrapped inside words (Chinese Windows, 120 columns)', () => {
    const text = value(HARD_WRAPPED, 'extensions');
    expect(text).toContain('@{Id=E9B59CFA-2BE1-4B21-828F-B6FBDBDDC017');
    expect(text).toContain('Name=Microsoft Azure VFP Switch Extension}');
  });

  it('reads a listing indented as a whole, with no-break blanks', () => {
    const indented = WORD_WRAPPED.replace(/^(?!PS)/gm, '\u00a0   ');
    const objects = readObjectLists(withoutSharedIndent(lines(indented)));
    expect(objects).toHaveLength(2);
    expect(objects[0]?.properties.get('state')?.value).toBe('3');
  });

  it('says when a value was cut', () => {
    const cut = WORD_WRAPPED.slice(0, WORD_WRAPPED.indexOf('NeedEncap'));
    expect(readObjectLists(lines(cut))[0]?.complete).toBe(false);
  });

  it('takes neither ipconfig nor prose for objects', () => {
    const text =
      '   IPv4 Address. . . . . . . . . . . : 10.244.19.1\nNote: see below\nHas http://a';
    expect(readObjectLists(lines(text))).toEqual([]);
  });

  it('never throws on any cut', () => {
    fc.assert(
      fc.property(fc.nat(WORD_WRAPPED.length), (cut) => {
        expect(readObjectLists(lines(WORD_WRAPPED.slice(0, cut))).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
