import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { caseOf } from '../synthetic/case-of';
import { SCENARIOS, scenario } from '../synthetic/scenarios';
import { reachability } from './reachability';
import { cellQuestion } from './reachability-axes';
import { matrixDocument } from './render-matrix';
import { DEPTHS, traceText } from './render-text';
import { traceDocument } from './trace-document';
import { traceOf } from './testing/nodes';

const TOOL = { name: 'hns-workbench', version: '1.2.3' };

function validator(file: string): (document: unknown) => unknown {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  );
  // As a program reads it: undefined fields are not there.
  return (document) => {
    validate(JSON.parse(JSON.stringify(document)));
    return validate.errors ?? [];
  };
}

const ofTrace = validator('docs/trace.schema.json');
const ofMatrix = validator('docs/reachability.schema.json');

describe.each(SCENARIOS.map(({ id }) => id))('%s', (id) => {
  it('every trace of its matrix follows the schema at each depth, and the matrix its own', () => {
    const opened = caseOf(scenario(id).bundle());
    const walk = reachability(opened);
    let turn = walk.next();
    while (turn.done !== true) turn = walk.next();
    const matrix = turn.value;
    expect(ofMatrix(matrixDocument(matrix, TOOL))).toEqual([]);
    const [row] = matrix.rows;
    for (const column of matrix.columns) {
      const question = row && cellQuestion(row, column);
      if (question === undefined) continue;
      const trace = traceOf(question, opened);
      for (const depth of DEPTHS) expect(ofTrace(traceDocument(trace, TOOL, depth))).toEqual([]);
    }
  });
});

describe('depths', () => {
  const opened = caseOf(scenario('healthy-l2bridge').bundle());
  const trace = traceOf({ from: 'win-client', to: '8.8.8.8:443' }, opened);

  it('say more from minimal to full, as text and as JSON', () => {
    const sizes = DEPTHS.map((depth) => [
      traceText(trace, depth).length,
      JSON.stringify(traceDocument(trace, TOOL, depth)).length,
    ]);
    for (const kind of [0, 1])
      expect(sizes.map((size) => size[kind] ?? 0)).toEqual(
        sizes.map((size) => size[kind] ?? 0).toSorted((a, b) => a - b),
      );
    expect(new Set(sizes.map(String)).size).toBe(3);
  });

  it('only full weighs the rules that lost; minimal has what changes the packet', () => {
    const text = (depth: 'minimal' | 'summary' | 'full') =>
      JSON.stringify(traceDocument(trace, TOOL, depth));
    expect(text('full')).toContain('"runnersUp"');
    expect(text('summary')).not.toContain('"runnersUp"');
    expect(text('summary')).toContain('ACL_Allow_OUT');
    expect(text('minimal')).not.toContain('ACL_Allow_OUT');
    expect(text('minimal')).toContain('SNAT_TCP_OUTBOUNDNAT');
  });
});
