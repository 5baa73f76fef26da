import { describe, expect, it } from 'vitest';
import { levelIndent } from './level-indent';

describe('the indentation of a CNI file', () => {
  it('is levelled where ConvertTo-Json made it deep', () => {
    const lines = [
      '{',
      '    "policies":  [',
      '                     {',
      '                         "Value":  {',
      '                                       "Type":  "a } b",',
      '                                   }',
      '                     }',
      '                 ]',
      '}',
    ];
    expect(levelIndent(lines)).toEqual([
      '{',
      '  "policies":  [',
      '    {',
      '      "Value":  {',
      '        "Type":  "a } b",',
      '      }',
      '    }',
      '  ]',
      '}',
    ]);
  });

  it('stays as it is otherwise, broken text included', () => {
    const lines = ['{', '  "name": "cbr0"', ']]]', 'tail'];
    expect(levelIndent(lines)).toBe(lines);
    const broken = ['}}}', `${' '.repeat(40)}x`];
    expect(levelIndent(broken)).toEqual(['}}}', 'x']);
  });
});
