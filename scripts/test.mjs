/**
 * `npm test`: runs the checks. The last line is their total: `N passed, N failed`.
 *
 * npm run check                 types, lint and unit tests, in about a minute
 * npm test                      all steps, quick ones first
 * npm test -- --extended        also browser tests tagged @extended, and more simulated schedules. `.ci/run` uses it
 * npm test -- --only node,wtr   single steps, and the steps that they depend on
 * npm run test:long             slow browser tests (tagged @long), which the other commands leave out. It installs, builds
 *                               and runs the applications of examples/
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browser.mjs';
import {
  ensureDependencies,
  messageOf,
  requireNode,
  runScript,
  SetupError,
} from './dependencies.mjs';
import { runProgram } from './run-step.mjs';
import {
  browserTests,
  packageTests,
  pageTests,
  siteTests,
  slowTests,
  unitTests,
} from './test-files.mjs';

/**
 * @typedef {{ passed: number, failed: number }} Counts
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} program Path of a Node program.
 * @property {string[] | ((files: string[], extended: boolean) => string[])} parameters
 * @property {boolean} [counted] Writes `{ passed, failed }` to RESULT_FILE. Otherwise the step is one test, and its exit code the result.
 * @property {() => string[]} [files] The test files. If the list is empty, the step is not run.
 * @property {string} [needs] A step that runs before. If it fails, this step fails without running.
 * @property {boolean} [browser] Needs a Chromium, which is found or installed before.
 * @property {boolean} [quick] Part of `npm run check`.
 * @property {boolean} [onlyByName] Runs only if `--only` names it.
 * @property {number} [limitMs] The step is killed after this time. Default: 15 minutes.
 */

/** @param {number} count */
const minutes = (count) => count * 60_000;

/**
 * A check that passes or fails as a whole.
 * @param {string} name
 * @param {string} program
 * @param {string[]} parameters
 * @param {Partial<Step>} more
 * @returns {Step}
 */
const check = (name, program, parameters, more = {}) => ({
  name,
  program: `node_modules/${program}`,
  parameters,
  ...more,
});

const reporters = [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=./scripts/node-test-reporter.mjs',
  '--test-reporter-destination=stderr',
];

/** Runs each file in its own process. @param {string[]} files */
const nodeRunner = (files) => [
  '--import',
  'tsx',
  '--test',
  // These tests wait for processes and time-outs more than they compute.
  `--test-concurrency=${String(availableParallelism())}`,
  // The simulation creates many short-lived objects: with a larger young generation, they are collected less often.
  '--max-semi-space-size=32',
  ...reporters,
  ...files,
];

/** Runs all files in one process. @param {string[]} files */
const unitRunner = (files) => [
  '--import',
  'tsx',
  ...reporters,
  'scripts/import-tests.mjs',
  ...files,
];

const attw = '@arethetypeswrong/cli/dist/index.js';

const pages = ['test', '--reporter=list,./scripts/playwright-reporter.mjs'];

/**
 * The steps, in the order in which they start: first those that fail soonest, then the longest ones, so that the two
 * that run at a time finish together. Tests of every step must pass on a machine that runs other programs.
 * @type {Step[]}
 */
const steps = [
  check('prettier', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  check('eslint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0'], { quick: true }),
  check('types', 'typescript/bin/tsc', ['-p', '.'], { quick: true }),
  {
    name: 'unit',
    files: unitTests,
    program: '--enable-source-maps',
    parameters: unitRunner,
    counted: true,
    quick: true,
  },
  check('templates', 'lit-analyzer/cli.js', [
    '--strict',
    '--quiet',
    '--maxWarnings',
    '0',
    'src/components/**/!(*.test).ts',
  ]),
  check('imports', 'dependency-cruiser/bin/dependency-cruise.mjs', [
    '--config',
    'dependency-cruiser.config.mjs',
    '--output-type',
    'err-long',
    'src',
    'server',
    'demo',
    'test',
    'bench',
    'load',
    'scripts',
  ]),
  check('unused', 'knip/bin/knip.js', []),
  { name: 'build', program: 'scripts/build.mjs', parameters: [] },
  check('size', 'size-limit/bin.js', [], { needs: 'build' }),
  check('publint', 'publint/src/cli.js', ['--strict', '.'], { needs: 'build' }),
  check('publint-server', 'publint/src/cli.js', ['--strict', 'server'], { needs: 'build' }),
  check('attw', attw, ['--profile', 'esm-only', '--pack', '.'], { needs: 'build' }),
  check('attw-server', attw, ['--profile', 'esm-only', '--pack', 'server'], { needs: 'build' }),
  {
    name: 'e2e',
    files: pageTests,
    program: 'node_modules/@playwright/test/cli.js',
    parameters: (_, extended) => [
      ...pages,
      `--grep-invert=${extended ? '@long' : '@long|@extended'}`,
    ],
    counted: true,
    browser: true,
    needs: 'build',
    limitMs: minutes(30),
  },
  {
    name: 'node',
    files: slowTests,
    program: '--enable-source-maps',
    parameters: nodeRunner,
    counted: true,
    limitMs: minutes(30),
  },
  {
    name: 'wtr',
    files: browserTests,
    program: 'node_modules/@web/test-runner/dist/bin.js',
    parameters: () => [],
    counted: true,
    browser: true,
  },
  {
    name: 'package',
    files: packageTests,
    program: '--enable-source-maps',
    parameters: nodeRunner,
    counted: true,
    needs: 'build',
    browser: true,
  },
  {
    name: 'docs',
    files: siteTests,
    program: '--enable-source-maps',
    parameters: nodeRunner,
    counted: true,
    browser: true,
  },
  {
    name: 'long',
    onlyByName: true,
    files: pageTests,
    program: 'node_modules/@playwright/test/cli.js',
    parameters: () => [...pages, '--grep=@long'],
    counted: true,
    browser: true,
    needs: 'build',
    // Most of it for installing and building the examples.
    limitMs: minutes(60),
  },
];

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        extended: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new SetupError(
      `${messageOf(error)}. The options are --quick, --extended, and --only with names of steps.`,
      { cause: error },
    );
  }
}

/** @param {{ only?: string | undefined, quick: boolean }} options */
function chooseSteps({ only, quick }) {
  if (quick) return steps.filter((step) => step.quick === true);
  if (only === undefined) return steps.filter(({ onlyByName }) => !onlyByName);
  const names = new Set(only.split(','));
  for (const name of names) {
    const step = steps.find((each) => each.name === name);
    if (step === undefined) {
      const known = steps.map((each) => each.name).join(', ');
      throw new SetupError(`There is no step "${name}". The steps are ${known}.`);
    }
    if (step.needs !== undefined) names.add(step.needs);
  }
  return steps.filter((step) => names.has(step.name));
}

const folder = mkdtempSync(join(tmpdir(), 'ringkit-test-'));

/**
 * @param {string} file
 * @returns {Counts | undefined}
 */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The runner failed before it wrote the file.
    return undefined;
  }
}

/**
 * How many tests of the step passed and failed. A runner that fails or runs no test counts as a failure.
 * @param {Step} step
 * @param {boolean} done
 * @param {Counts | undefined} counts
 * @returns {Counts}
 */
function evaluate(step, done, counts) {
  if (step.counted !== true) return { passed: done ? 1 : 0, failed: done ? 0 : 1 };
  const { passed, failed } = counts ?? { passed: 0, failed: 0 };
  const sound = done && passed > 0;
  return { passed, failed: failed === 0 && !sound ? 1 : failed };
}

/** The output of a runner without the lines of passing tests. @param {string} output */
const withoutPassed = (output) => output.replace(/^ *✔ .*\n/gm, '').trim();

/**
 * @param {Step} step
 * @param {Record<string, string>} env
 * @returns {Promise<Counts>}
 */
async function runStep(step, env) {
  const started = Date.now();
  const files = step.files?.();
  if (files?.length === 0) {
    console.log(`- ${step.name}: nothing to run`);
    return { passed: 0, failed: 0 };
  }
  const resultFile = join(folder, step.name);
  const parameters =
    typeof step.parameters === 'function'
      ? step.parameters(files ?? [], env.EXTENDED_TESTS !== undefined)
      : step.parameters;
  const { done, output } = await runProgram(step.program, parameters, {
    env: { ...env, RESULT_FILE: resultFile, SHARED_FOLDER: folder },
    limitMs: step.limitMs ?? minutes(15),
  });
  const result = evaluate(step, done, readCounts(resultFile));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (result.failed > 0) console.log(`\n${withoutPassed(output)}\n`);
  else if (step.name === 'size') console.log(output.trimEnd());
  const mark = result.failed > 0 ? '✗' : '✓';
  console.log(
    `${mark} ${step.name}: ${String(result.passed)} passed, ${String(result.failed)} failed (${seconds} s)`,
  );
  return result;
}

/**
 * Runs the steps, two at a time.
 * @param {Step[]} chosen
 * @param {Record<string, string>} env
 */
async function runAll(chosen, env) {
  /** @type {Counts[]} */
  const results = [];
  /** @type {Map<string, Promise<Counts>>} */
  const finished = new Map();
  /** @param {Step} step */
  const start = async (step) => {
    const promise = (async () => {
      const needed = step.needs === undefined ? undefined : await finished.get(step.needs);
      if (needed !== undefined && needed.failed > 0) {
        console.log(`✗ ${step.name}: not run because ${step.needs} failed`);
        return { passed: 0, failed: 1 };
      }
      return runStep(step, env);
    })();
    finished.set(step.name, promise);
    results.push(await promise);
  };

  const queue = [...chosen];
  const worker = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) await start(step);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function runChosen() {
  requireNode();
  const options = readOptions();
  const chosen = chooseSteps(options);
  ensureDependencies();
  /** @type {Record<string, string>} */
  const env = options.extended ? { EXTENDED_TESTS: '1' } : {};
  if (chosen.some((step) => step.browser === true)) env.CHROMIUM_PATH = await ensureBrowser();
  return runAll(chosen, env);
}

let results = [{ passed: 0, failed: 1 }];
await runScript(async () => {
  results = await runChosen();
});
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
