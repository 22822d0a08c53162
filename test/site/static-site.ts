import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** A folder of files on a free port, as a host of static sites serves it: `/page` is the file `page.html`. */
export class StaticSite {
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = this.fileOf(decodeURI(pathname));
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
      response.end(readFileSync(file));
    });
  }

  static async open(folder: string): Promise<StaticSite> {
    const site = new StaticSite(folder);
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The file that a path leads to. */
  fileOf(pathname: string): string | undefined {
    const file = join(this.#folder, pathname);
    return [file, `${file}.html`, join(file, 'index.html')].find(
      (each) => existsSync(each) && statSync(each).isFile(),
    );
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
