import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Serves one page for each framework, on a free port of this machine. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  cacheDir: 'node_modules/.vite-frameworks',
  clearScreen: false,
  logLevel: 'warn',
  plugins: [
    // React needs no plugin, because Vite compiles JSX.
    vue({
      template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } },
    }),
    svelte({ configFile: false }),
  ],
  // Dependencies are found before the first request: one that is found later reloads every page.
  optimizeDeps: { entries: ['test/frameworks/*.html'] },
  server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
});
