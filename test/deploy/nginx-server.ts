import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { freePort } from '../support/free-port.js';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../support/certificate.js';

/** Debian installs it in a folder that is not in the PATH of other users than root. */
const PROGRAM = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

/** Why tests that need nginx are skipped; `false` if it is installed. */
export const withoutNginx: string | false = PROGRAM === undefined && 'nginx is not installed';

/** A real nginx with the configuration of deploy/nginx, on loopback. */
export class NginxServer {
  readonly url: string;
  /** The address without TLS. */
  readonly plainURL: string;
  readonly certificate: string;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(
    [http, https]: readonly number[],
    certificate: string,
    folder: string,
    child: ChildProcess,
  ) {
    this.url = `https://127.0.0.1:${https}/`;
    this.plainURL = `http://127.0.0.1:${http}/`;
    this.certificate = certificate;
    this.#folder = folder;
    this.#child = child;
  }

  /** @param nodes URLs of the servers */
  static async start(nodes: readonly string[]): Promise<NginxServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ringkit-nginx-'));
    const { cert, key } = selfSigned();
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const [http, https] = [await freePort(), await freePort()];
    const site = readFileSync(new URL('../../deploy/nginx/ringkit.conf', import.meta.url), 'utf8')
      // Only the addresses and files are those of the test.
      .replace('listen 80;', `listen 127.0.0.1:${http};`)
      .replace('listen 443 ssl;', `listen 127.0.0.1:${https} ssl;`)
      .replace(/\/etc\/letsencrypt\/\S+\/fullchain\.pem/, join(folder, 'cert.pem'))
      .replace(/\/etc\/letsencrypt\/\S+\/privkey\.pem/, join(folder, 'key.pem'))
      .replace(/127\.0\.0\.1:8787/, hostOf(nodes[0]))
      .replace(/127\.0\.0\.1:8788/, hostOf(nodes[1]));
    writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder, site));
    const child = spawn(PROGRAM ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => (errors += String(text)));
    const server = new NginxServer([http, https], cert, folder, child);
    while (!(await accepts(http))) {
      if (child.exitCode !== null) throw new Error(`nginx has ended: ${errors}`);
    }
    return server;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }
}

const hostOf = (url = ''): string => new URL(url).host;

const mainConfiguration = (folder: string, site: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
${site}
}
`;

const accepts = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).then(
    () => true,
    () => new Promise((resolve) => setTimeout(resolve, 20, false)),
  );
