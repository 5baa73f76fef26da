// Writes shared/rules/catalogue.ts: the list of all rule files, in the order of steps and areas.
// `--check` changes nothing and fails when the list is not up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'shared', 'rules');
const target = path.join(root, 'catalogue.ts');
const areas = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

const rules = areas.flatMap((area) =>
  readdirSync(path.join(root, area))
    .filter((file) => /^[a-z0-9]+(-[a-z0-9]+)+\.ts$/.test(file))
    .filter((file) => /export const rule\b/.test(readFileSync(path.join(root, area, file), 'utf8')))
    .sort()
    .map((file) => ({ area, id: file.replace(/\.ts$/, '') })),
);

const name = (id) => id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const imports = rules.map(
  ({ area, id }) => `import { rule as ${name(id)} } from './${area}/${id}';`,
);
const text = `import type { Rule } from './rule';
${imports.join('\n')}

// Made by \`npm run rules\` from the files of this folder; do not edit.
const ALL: readonly Rule[] = [
${rules.map(({ id }) => `  ${name(id)},`).join('\n')}
];

/** Every rule, in the order of the steps. */
export const RULES: readonly Rule[] = [...ALL].sort((a, b) => a.meta.step - b.meta.step);
`;

const before = (() => {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return '';
  }
})();
if (process.argv.includes('--check')) {
  if (before !== text) {
    console.error('shared/rules/catalogue.ts is not up to date: npm run rules');
    process.exit(1);
  }
} else if (before !== text) {
  writeFileSync(target, text);
}
