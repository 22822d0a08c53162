import { defineConfig } from 'vite';
import { ringkitSignaling } from './demo/signaling-plugin.js';
import { shownFacts } from './scripts/docs/shown-facts.mjs';
import { ringkitWorker } from './scripts/worker-plugin.mjs';

/** The development server: the demo, with the signalling server mounted on the same port. */
export default defineConfig({
  plugins: [ringkitSignaling(), ringkitWorker(), shownFacts()],
  // Scans all pages at the start: a dependency that is found later reloads every page, which ends its calls.
  optimizeDeps: { entries: ['index.html', 'demo/*.html'] },
});
