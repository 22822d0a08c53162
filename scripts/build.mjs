/**
 * `npm run build`: everything that is published of both packages, into dist/ and server/dist/.
 *
 * - server/dist: the modules of `ringkit-server` with their types, its own copy of the protocol, and the sources of both
 * - dist/src: the modules of `ringkit` with their types, one file each, dependencies left to the installer
 * - dist/ringkit.js with dist/ringkit/: one module for a script tag, with all that rings; the rest comes in files when it
 *   is needed, each of which needs no other one
 * - dist/ringkit.global.js: one classic script with everything in it
 * - dist/ringkit-worker.js: the service worker, to be registered or to be imported by one
 * - a source map beside each script, and dist/THIRD-PARTY-LICENSES.md: what the scripts hold of other packages
 * - dist/custom-elements.json: what editors know about the elements
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runScript, SetupError } from './dependencies.mjs';
import { writeElementsManifest } from './elements-manifest.mjs';
import { makeOneFirstFile } from './one-first-file.mjs';
import { publishSources } from './publish-sources.mjs';

// Some packages choose their development form by it, whatever the bundler is told.
process.env.NODE_ENV = 'production';

const dist = join(root, 'dist');
const serverDist = join(root, 'server/dist');
/** Licences of what the scripts hold beside our own code. */
const LICENSES = 'THIRD-PARTY-LICENSES.md';

/** The icons lie among our own sources, where the bundler takes them for ours. @param {string} file */
function appendIconLicense(file) {
  const text = readFileSync(join(root, 'src/components/shared/lucide/LICENSE'), 'utf8');
  appendFileSync(file, `\n---------------------------------------\n\n## lucide (ISC)\n\n${text}`);
}

/**
 * @param {string} name path of a program within node_modules
 * @param {string[]} arguments_
 */
function runTool(name, ...arguments_) {
  const result = spawnSync(
    process.execPath,
    [join(root, 'node_modules', ...name.split('/')), ...arguments_],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (result.status !== 0) throw new SetupError(`The build failed in ${name}.`);
}

/**
 * One of the script builds.
 * @param {string} source
 * @param {import('vite').Rolldown.OutputOptions & { format: 'es' | 'iife' }} output
 * @param {import('vite').BuildEnvironmentOptions} build
 */
async function buildScript(source, output, build = {}) {
  const { build: run } = await import('vite');
  const { compactLiterals, graphOf, minifyAgain, secondCopyOfLit } =
    await import('./bundle-plugins.mjs');
  const entry = join(root, source);
  const graph = graphOf(entry);
  await run({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [
      secondCopyOfLit,
      compactLiterals,
      graph.plugin,
      minifyAgain({ module: output.format === 'es' }),
    ],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      copyPublicDir: false,
      sourcemap: true,
      reportCompressedSize: false,
      lib: { entry, formats: [output.format], name: 'ringkit' },
      ...build,
      rolldownOptions: {
        checks: { bundlerTimings: false },
        // An entry that shared its modules with its chunks would run twice where its URL has a query.
        preserveEntrySignatures: 'strict',
        // What package.json says of side effects is said of the published modules.
        treeshake: { moduleSideEffects: (id) => (id.includes('/src/') ? true : undefined) },
        output: {
          minify: true,
          codeSplitting: { groups: [{ name: 'kit', test: graph.belongsToKit }] },
          ...output,
        },
      },
    },
  });
}

await runScript(async () => {
  for (const folder of [dist, serverDist]) rmSync(folder, { recursive: true, force: true });
  // The server first: `ringkit/server` has the types that it has as it is published.
  runTool('typescript/bin/tsc', '-p', 'server/tsconfig.build.json');
  publishSources(serverDist);
  runTool('typescript/bin/tsc', '-p', 'tsconfig.build.json');
  await buildScript(
    'src/standalone/module.ts',
    {
      format: 'es',
      entryFileNames: 'ringkit.js',
      chunkFileNames: 'ringkit/[name]-[hash].js',
    },
    { manifest: true },
  );
  const { parseSync } = await import('vite');
  makeOneFirstFile(dist, (code) => parseSync('chunk.js', code).program);
  await buildScript(
    'src/standalone/global.ts',
    {
      format: 'iife',
      entryFileNames: 'ringkit.global.js',
      codeSplitting: false,
      // Loaded again, it does nothing.
      intro: 'if (globalThis.ringkit) return;',
    },
    // It holds every package that any of the scripts holds.
    { license: { fileName: LICENSES } },
  );
  appendIconLicense(join(dist, LICENSES));
  // An importing worker may be a classic one or a module: a classic script without exports is both.
  await buildScript('src/service-worker/worker.ts', {
    format: 'iife',
    entryFileNames: 'ringkit-worker.js',
    codeSplitting: false,
  });
  writeElementsManifest();
});
