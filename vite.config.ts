import { defineConfig } from 'vite';
import { ringkitWorker } from './scripts/worker-plugin.mjs';
import { ringkitSignaling } from './server/vite-plugin.js';

/** The development server: the demo, with the signalling server mounted on the same port. */
export default defineConfig({
  plugins: [ringkitSignaling(), ringkitWorker()],
  // Found before the first page asks: a package that is found later reloads every page, and ends their calls.
  optimizeDeps: { entries: ['index.html', 'demo/*.html'] },
});
