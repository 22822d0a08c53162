/**
 * `npm run -s integrity [-- <address>]`: prints the tags that load the script builds from a content delivery network, with the
 * hashes of their files (Subresource Integrity). Needs `npm run build`.
 *
 * The address is that of the folder `dist/`; default: this version at jsDelivr.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runScript, SetupError } from './dependencies.mjs';

const dist = join(root, 'dist');

/** @param {string} file */
function hashOf(file) {
  const content = readFileSync(join(dist, file));
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}

await runScript(async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const address = process.argv[2] ?? `https://cdn.jsdelivr.net/npm/ringkit@${version}/dist`;
  const base = `${address.replace(/\/+$/, '')}/`;
  /** @type {string[]} */
  let parts;
  try {
    parts = readdirSync(join(dist, 'ringkit')).filter((file) => file.endsWith('.js'));
  } catch (error) {
    throw new SetupError('There is no build: run "npm run build" first.', { cause: error });
  }
  const integrity = Object.fromEntries(
    parts.sort().map((file) => [`${base}ringkit/${file}`, hashOf(`ringkit/${file}`)]),
  );
  console.log(`<!-- One file with everything -->
<script src="${base}ringkit.global.js" integrity="${hashOf('ringkit.global.js')}" crossorigin="anonymous" defer></script>

<!-- Or a module that loads its parts on demand. The import map has their hashes -->
<script type="importmap">
${JSON.stringify({ integrity }, null, 2)}
</script>
<script type="module" src="${base}ringkit.js" integrity="${hashOf('ringkit.js')}" crossorigin="anonymous"></script>

<!-- The service worker has to be on the origin of the page: a file with this line. It has no hash, so copy the file to be sure -->
<!-- importScripts('${base}ringkit-worker.js'); // ${hashOf('ringkit-worker.js')} -->`);
});
