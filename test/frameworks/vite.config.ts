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
    // React needs none: Vite compiles JSX by itself.
    vue({
      template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } },
    }),
    svelte({ configFile: false }),
  ],
  // Found before the first page asks: a package that is found later reloads every page.
  optimizeDeps: { entries: ['test/frameworks/*.html'] },
  server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
});
