import tseslint from 'typescript-eslint';

const scripts = ['**/*.mjs', '**/*.cjs'];
const tests = ['**/*.test.ts', '**/*.test.tsx', 'e2e/**', '**/testing/**'];

/** Ways to turn text into markup or code; text from a bundle must stay text. */
const sinks = [
  {
    selector: 'AssignmentExpression > MemberExpression.left[property.name=/^(inner|outer)HTML$/]',
    message: 'Text from a bundle must never be parsed as markup. Use text nodes.',
  },
  {
    selector:
      'CallExpression > MemberExpression.callee[property.name=/^(insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|parseFromString)$/]',
    message: 'Text from a bundle must never be parsed as markup. Use text nodes.',
  },
  {
    selector:
      "CallExpression > MemberExpression.callee[object.name='document'][property.name=/^write(ln)?$/]",
    message: 'Text from a bundle must never be parsed as markup. Use text nodes.',
  },
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: 'Text from a bundle must never be parsed as markup. Use children.',
  },
  {
    selector: "JSXAttribute[name.name='srcDoc']",
    message: 'Text from a bundle must never be parsed as markup.',
  },
];

const focusedTests = {
  selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip)$/]',
  message: 'Every test runs.',
};

const ipc = {
  name: 'electron',
  importNames: ['ipcMain', 'ipcRenderer', 'contextBridge'],
  message: 'Only electron/main/ipc.ts and electron/preload/preload.ts speak IPC.',
};

export default tseslint.config(
  { ignores: ['dist', 'out', 'release', '.cache', 'node_modules', 'shared/text/globals.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-debugger': 'error',
      'no-alert': 'error',
      'no-restricted-syntax': ['error', ...sinks, focusedTests],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, properties: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      'no-restricted-imports': ['error', { paths: [ipc] }],
    },
  },
  {
    files: ['electron/main/ipc.ts', 'electron/preload/preload.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  { files: tests, rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    files: scripts,
    rules: { 'no-unused-vars': 'error', 'no-undef': 'off' },
  },
);
