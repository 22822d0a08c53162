import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
// @ts-expect-error -- it has no types
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const browserGlobals = [
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'BroadcastChannel',
  'RTCPeerConnection',
  'AudioContext',
  'Audio',
  'Notification',
];

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '.cache/',
    'coverage/',
    'test-results/',
    'playwright-report/',
    // Applications with packages of their own, which are not installed here. `npm run test:long` installs and builds them.
    'examples/*/',
    '!examples/page/',
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // Strings are spread into their characters on purpose.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An arrow function with a single call is easier to read without braces.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // `async` also turns a throw into a rejection, which interfaces with promises require.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-object-type': [
        'error',
        { allowInterfaces: 'with-single-extends' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
    },
  },
  {
    // Published code.
    files: ['src/**/*.ts', 'server/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.d.ts'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Exports have names here.' },
        { selector: 'ExportAllDeclaration', message: 'An entry point names what it exports.' },
        {
          selector:
            'PropertyDefinition[accessibility="private"], MethodDefinition[accessibility="private"]',
          message: 'Use #private names.',
        },
      ],
    },
  },
  {
    // Programs write to the terminal.
    files: ['server/cli.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    extends: [
      lit.configs?.['flat/recommended'],
      wc.configs?.['flat/best-practice'],
      litA11y.configs.recommended,
    ],
  },
  {
    // The core also runs without a page: only adapters of ports use browser globals.
    files: ['src/core/{protocol,machine,ports,service,missed-calls}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...browserGlobals.map((name) => ({ name, message: 'Only adapters of ports use it.' })),
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'bench/**/*.ts', 'load/**/*.ts'],
    rules: {
      // `describe` and `it` of node:test return promises that the runner awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' },
            // Chai's `equal`, which @open-wc/semantic-dom-diff wrongly types as a promise.
            { from: 'package', name: 'Equal', package: '@open-wc/semantic-dom-diff' },
            { from: 'package', name: 'Equal', package: 'chai' },
          ],
        },
      ],
      // Chai's assertions are properties.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // The types of fixtures and fakes state what the test expects.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    // The compiler checks these files, including undefined names.
    rules: { 'no-undef': 'off' },
  },
);
