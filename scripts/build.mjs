/**
 * `npm run build`: everything that is published, into dist/.
 *
 * - dist/src, dist/server: the package's modules with their types, one file each, dependencies left to the installer
 * - dist/ringkit.js with dist/ringkit/: one module for a script tag; the rest comes in chunks when it is needed
 * - dist/ringkit.global.js: one classic script with everything in it
 * - dist/custom-elements.json: what editors know about the elements
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runScript, root, SetupError } from './dependencies.mjs';

// Some packages choose their development form by it, whatever the bundler is told.
process.env.NODE_ENV = 'production';

const dist = join(root, 'dist');

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
 * Under `trusted-types lit-html`, a second policy of that name is refused, and Lit would throw as it loads. A second
 * copy of the kit registers nothing and renders nothing, so it needs none.
 * @type {import('vite').Plugin}
 */
const secondCopyOfLit = {
  name: 'ringkit:second-copy-of-lit',
  transform: {
    filter: { id: /lit-html\/lit-html\.js$/ },
    handler(code) {
      const policy = /(\w+)\.createPolicy\("lit-html",\{createHTML:(\w+)=>\2\}\)/;
      if (!policy.test(code)) this.error('lit-html makes its policy in another way than before');
      return {
        code: code.replace(policy, '(()=>{try{return $&}catch{}})()'),
        map: null,
      };
    },
  },
};

/**
 * One of the script builds.
 * @param {string} entry
 * @param {import('vite').Rolldown.OutputOptions & { format: 'es' | 'iife' }} output
 * @param {import('vite').BuildEnvironmentOptions} build
 */
async function buildScript(entry, output, build = {}) {
  const { build: run } = await import('vite');
  await run({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [secondCopyOfLit],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      copyPublicDir: false,
      reportCompressedSize: false,
      lib: { entry: join(root, entry), formats: [output.format], name: 'ringkit' },
      ...build,
      rolldownOptions: {
        // An entry that shared its modules with its chunks would run twice where its URL has a query.
        preserveEntrySignatures: 'strict',
        // Package.json speaks of the published modules; these sources are all wanted.
        treeshake: { moduleSideEffects: (id) => (id.includes('/src/') ? true : undefined) },
        output: { minify: true, ...output },
      },
    },
  });
}

/** The analyzer names sources: the published file lies under dist. */
function publishManifest() {
  const file = join(dist, 'custom-elements.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/"(src\/[^"]+)\.ts"/g, '"dist/$1.js"'));
}

await runScript(async () => {
  rmSync(dist, { recursive: true, force: true });
  runTool('typescript/bin/tsc', '-p', 'tsconfig.build.json');
  chmodSync(join(dist, 'server/cli.js'), 0o755);
  await buildScript(
    'src/standalone/module.ts',
    {
      format: 'es',
      entryFileNames: 'ringkit.js',
      chunkFileNames: 'ringkit/[name]-[hash].js',
    },
    { manifest: true },
  );
  await buildScript('src/standalone/global.ts', {
    format: 'iife',
    entryFileNames: 'ringkit.global.js',
    codeSplitting: false,
    // Loaded again, it does nothing.
    intro: 'if (globalThis.ringkit) return;',
  });
  runTool(
    '@custom-elements-manifest/analyzer/cem.js',
    'analyze',
    '--litelement',
    '--globs',
    'src/components/**/*.ts',
    '--exclude',
    '**/*.test.ts',
    '--outdir',
    'dist',
    '--quiet',
  );
  publishManifest();
});
