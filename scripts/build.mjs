/**
 * `npm run build`: writes everything that both packages publish to dist/ and server/dist/.
 *
 * - server/dist: the modules of `ringkit-server` with their types, a copy of the protocol, and the sources of both
 * - dist/src: the modules of `ringkit` with their types, one file each; dependencies are not bundled, except `atom` of nanostores
 * - dist/ringkit.js with dist/ringkit/: one module for a script tag, with everything that rings. The other files are loaded
 *   on demand, and import no other file statically
 * - dist/ringkit.global.js: one classic script that contains everything
 * - dist/ringkit-worker.js: the service worker, to be registered or imported by another service worker
 * - a source map for each script, and dist/THIRD-PARTY-LICENSES.md with the licences of the bundled packages
 * - dist/custom-elements.json: the Custom Elements Manifest, and what editors read that is made of it: dist/vscode.*.json,
 *   dist/web-types.json
 *
 * npm run build -- --server writes only server/dist.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root, runScript, SetupError } from './dependencies.mjs';
import { removeThisFromHelpers } from './decorator-helpers.mjs';
import { writeEditorData } from './editor-data.mjs';
import { writeElementsManifest } from './elements-manifest.mjs';
import { makeOneFirstFile } from './one-first-file.mjs';
import { publishSources } from './publish-sources.mjs';

// Some packages read it to choose their development build, whatever the options of the bundler are.
process.env.NODE_ENV = 'production';

const dist = join(root, 'dist');
const serverDist = join(root, 'server/dist');
/** Licences of the packages that the scripts contain. */
const LICENSES = 'THIRD-PARTY-LICENSES.md';

/** Adds the licence of the icons: they are in this repository, so the bundler does not list it. @param {string} file */
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

/** Replaces the published module that re-exports `atom` of nanostores by its code for production. */
function bundleAtom() {
  buildSync({
    entryPoints: [join(root, 'src/core/service/atom.ts')],
    outfile: join(dist, 'src/core/service/atom.js'),
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
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
        // If chunks imported the entry, it would run twice when its URL has a query.
        preserveEntrySignatures: 'strict',
        // `sideEffects` of package.json describes the published modules, not the sources.
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
  const onlyServer = process.argv.slice(2).includes('--server');
  for (const folder of onlyServer ? [serverDist] : [dist, serverDist]) {
    rmSync(folder, { recursive: true, force: true });
  }
  // The server first: `ringkit/server` is checked against its published types.
  runTool('typescript/bin/tsc', '-p', 'server/tsconfig.build.json');
  publishSources(serverDist);
  if (onlyServer) return;
  runTool('typescript/bin/tsc', '-p', 'tsconfig.build.json');
  removeThisFromHelpers(join(dist, 'src'));
  bundleAtom();
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
      // A second copy does nothing.
      intro: 'if (globalThis.ringkit) return;',
    },
    // This script contains every package that any of the scripts contains.
    { license: { fileName: LICENSES } },
  );
  appendIconLicense(join(dist, LICENSES));
  // A classic script without exports can be imported by classic and by module service workers.
  await buildScript('src/service-worker/worker.ts', {
    format: 'iife',
    entryFileNames: 'ringkit-worker.js',
    codeSplitting: false,
  });
  writeElementsManifest();
  writeEditorData(dist);
});
