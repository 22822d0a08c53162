import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

const root = join(import.meta.dirname, '..');
const pages = join(import.meta.dirname, 'pages');
const script = join(root, 'dist/ringkit.js');

/** The contestants' pages in a production build, and the published script of the kit. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the kit if its script is missing or older than a source file. */
export function ensureKit(): void {
  if (existsSync(script) && statSync(script).mtimeMs > newest(join(root, 'src'))) return;
  console.log('Building the kit …');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('Building the kit failed.');
}

/** Time of the last change in the folder, in ms since the epoch. */
function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(join(folder, file)).mtimeMs));
}

/** @param other folder `dist` of another build, whose script is served as `/other/ringkit.js` */
export async function startSite(other?: string): Promise<Site> {
  const outDir = mkdtempSync(join(tmpdir(), 'ringkit-bench-'));
  const remove = (): void => rmSync(outDir, { recursive: true, force: true });
  // Also if the benchmark is interrupted.
  process.once('exit', remove);
  try {
    await build({
      root: pages,
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      build: {
        outDir,
        emptyOutDir: true,
        target: 'es2022',
        reportCompressedSize: false,
        rolldownOptions: {
          input: readdirSync(pages)
            .filter((name) => name.endsWith('.html'))
            .map((name) => join(pages, name)),
        },
      },
    });
    cpSync(script, join(outDir, 'kit/ringkit.js'));
    cpSync(join(root, 'dist/ringkit'), join(outDir, 'kit/ringkit'), { recursive: true });
    if (other !== undefined) {
      cpSync(join(other, 'ringkit.js'), join(outDir, 'other/ringkit.js'));
      cpSync(join(other, 'ringkit'), join(outDir, 'other/ringkit'), { recursive: true });
    }
    const server = await preview({
      root: pages,
      configFile: false,
      logLevel: 'warn',
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
    });
    const url = server.resolvedUrls?.local[0];
    if (url === undefined) throw new Error('The web server has no URL.');
    return {
      url,
      async close() {
        await server.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
