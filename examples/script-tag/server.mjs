/**
 * Serves the page at http://localhost:8080/shop/, and the files of ringkit at http://127.0.0.1:8080/files/ringkit/: for a
 * browser, these are two origins.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
const dist = new URL('dist/', import.meta.resolve('ringkit/package.json'));
const files = '/files/ringkit/';

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/shop/') {
      response.setHeader('content-type', 'text/html');
      response.end(await readFile(new URL('index.html', import.meta.url)));
      return;
    }
    const file = new URL(pathname.slice(files.length), dist);
    if (!pathname.startsWith(files) || !file.href.startsWith(dist.href)) throw new Error('no file');
    response.setHeader('content-type', 'text/javascript');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.end(await readFile(file));
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`http://localhost:${values.port}/shop/`);
});
