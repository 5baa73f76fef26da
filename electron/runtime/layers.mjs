import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { root } from './console.mjs';
import { layers } from './layers.config.mjs';

/*
 * node electron/runtime/layers.mjs FOLDER...
 *
 * Checks that imports only follow the arrows of layers.config.mjs, below the current folder. Fails
 * too when fewer modules were seen than there are source files: a check that sees nothing would
 * pass.
 */

const folders = process.argv.slice(2);
const isSource = (name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts');

const result = await cruise(
  folders,
  {
    ruleSet: layers,
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.d\\.ts$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
  undefined,
  { tsConfig: extractTSConfig(path.join(root, 'tsconfig.json')) },
);
const { modules, summary } = result.output;

for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
const seen = modules.filter((module) => isSource(module.source)).length;
const present = folders.reduce((sum, folder) => sum + countSources(folder), 0);
if (seen < present) {
  console.error(`Only ${seen} of ${present} source files were seen, so this check proves nothing.`);
}
process.exitCode = summary.violations.length > 0 || seen < present ? 1 : 0;

function countSources(folder) {
  return readdirSync(folder).reduce((sum, name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return sum + countSources(file);
    return sum + (isSource(name) ? 1 : 0);
  }, 0);
}
