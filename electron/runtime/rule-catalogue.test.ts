import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../shared/rules/catalogue';
import { runRule } from '../../shared/rules/engine';
import type { Rule } from '../../shared/rules/rule';
import { ruleIndex, rulePage } from '../../shared/rules/rule-page';
import { assembleCase } from '../../shared/snapshot/assemble';
import type { Case } from '../../shared/snapshot/node-snapshot';
import { caseOf } from '../../shared/synthetic/case-of';
import { syntheticNode } from '../../shared/synthetic/synthetic-node';

const root = path.join(import.meta.dirname, '..', '..');
const folder = path.join(root, 'shared', 'rules');
const docs = path.join(root, 'docs', 'rules');

/** Rule files as the folder holds them: `area/file`. */
const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((area) =>
    readdirSync(path.join(folder, area.name)).map((file) => `${area.name}/${file}`),
  )
  .filter((file) => /\/[a-z0-9]+(-[a-z0-9]+)+\.ts$/.test(file))
  .filter((file) => /export const rule\b/.test(readFileSync(path.join(folder, file), 'utf8')));

const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(path.join(folder, file), 'utf8'));

const nothing = assembleCase([{ name: 'node', scope: 'node', files: [] }]);
const healthy = {
  l2bridge: caseOf(syntheticNode({ mode: 'l2bridge' })),
  overlay: caseOf(syntheticNode({ mode: 'overlay' })),
};

const runOn = (rule: Rule, theCase: Case): ReturnType<typeof runRule>[] =>
  theCase.nodes.flatMap((node) => node.snapshots.map((s) => runRule(rule, s, theCase)));

test('the catalogue lists every rule file', () => {
  const ids = files.map((file) => path.basename(file, '.ts').toUpperCase()).sort();
  expect(RULES.map((rule) => rule.meta.id).sort()).toEqual(ids);
});

test('ids are unique, aliases included', () => {
  const ids = RULES.flatMap((rule) => [rule.meta.id, ...(rule.meta.aliases ?? [])]);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(RULES.map((rule) => [rule.meta.id, rule] as const))('%s', (id, rule) => {
  test('says everything that a rule must say', () => {
    const { meta } = rule;
    for (const text of [meta.title, meta.description, meta.impact, meta.falsePositives]) {
      expect(text.length).toBeGreaterThan(8);
      expect(text).not.toMatch(/!/);
    }
    expect(meta.references.length).toBeGreaterThan(0);
    expect(meta.title).not.toMatch(/\.$/);
    for (const other of meta.explains ?? []) expect(other).toMatch(/^[A-Z0-9]+(-[A-Z0-9]+)+$/);
  });

  test('has a test that names it', () => {
    const own = new RegExp(`\\b${id}\\b|/${id.toLowerCase()}'`);
    expect(tests.filter((text) => own.test(text)).length, `no test names ${id}`).toBeGreaterThan(0);
  });

  test('never passes without evidence', () => {
    for (const { check } of runOn(rule, nothing)) expect(check.status).toBe('not-checked');
  });

  test.each(['l2bridge', 'overlay'] as const)('is quiet on a healthy %s node', (mode) => {
    for (const { check } of runOn(rule, healthy[mode])) expect(check.status).not.toBe('fired');
  });
});

/** `UPDATE_DOCS=1` writes the pages; without it they must be what the rules say. */
describe('docs/rules', () => {
  const update = process.env['UPDATE_DOCS'] === '1';

  test('holds one page a rule and the index, as the rules say', async () => {
    const pages = new Map<string, string>();
    for (const rule of RULES)
      pages.set(`${rule.meta.id}.md`, await format(rulePage(rule), { parser: 'markdown' }));
    pages.set('README.md', await format(ruleIndex(RULES), { parser: 'markdown' }));
    if (update) {
      rmSync(docs, { recursive: true, force: true });
      mkdirSync(docs, { recursive: true });
      for (const [name, text] of pages) writeFileSync(path.join(docs, name), text);
    }
    const found = existsSync(docs) ? readdirSync(docs).sort() : [];
    expect(found).toEqual([...pages.keys()].sort());
    for (const [name, text] of pages)
      expect(readFileSync(path.join(docs, name), 'utf8')).toBe(text);
  });
});
