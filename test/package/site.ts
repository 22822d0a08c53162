import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { root } from './consumer.js';

/** The strictest policy that pages with the library can have. */
const policy = (connect: string, scripts: string): string =>
  [
    `script-src ${scripts}`,
    "style-src 'self'",
    `connect-src ${connect}`,
    "worker-src 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html ringkit',
  ].join('; ');

/** A web site with the script builds under `/somewhere/else/`, and pages that a test adds. */
export class Site {
  readonly #files = new Map<string, string>();
  readonly #server: Server;

  /**
   * @param connect `connect-src` of the policy
   * @param scripts `script-src` of the policy
   */
  constructor(connect = "'self'", scripts = "'self'") {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site');
      this.#read(pathname).then(
        (body) => {
          response.setHeader('content-security-policy', policy(connect, scripts));
          response.setHeader(
            'content-type',
            pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
          );
          response.end(body);
        },
        () => response.writeHead(404).end(),
      );
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  put(path: string, body: string): void {
    this.#files.set(path, body);
  }

  address(path: string): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}${path}`;
  }

  async #read(path: string): Promise<string | Buffer> {
    const own = this.#files.get(path);
    if (own !== undefined) return own;
    const built = /^\/somewhere\/else\/((?:ringkit\/)?[\w.-]+\.js)$/.exec(path)?.[1];
    if (built === undefined) throw new Error(`There is no ${path}.`);
    return readFile(join(root, 'dist', built));
  }
}
