import type { IncomingMessage, ServerResponse } from 'node:http';

interface HealthDependencies {
  /** Whether the server accepts connections. */
  readonly isReady: () => boolean;
  /** Returns the metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>;
}

/**
 * Creates the handler for plain HTTP requests of a server with its own port: `/healthz` (the process is alive), `/readyz`
 * (200 while the server accepts connections, else 503) and `/metrics`. Everything else is 404.
 */
export function healthRequests({ isReady, metrics }: HealthDependencies) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    const path = request.url?.split('?')[0] ?? '';
    if (!['/healthz', '/readyz', '/metrics'].includes(path)) {
      answer(404, 'This is a signalling server.\n');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (path === '/healthz') answer(200, 'ok\n');
    else if (path === '/readyz') answer(isReady() ? 200 : 503, isReady() ? 'ok\n' : 'not ready\n');
    else {
      metrics().then(
        (text) => answer(200, text, 'text/plain; version=0.0.4; charset=utf-8'),
        () => answer(500, ''),
      );
    }
  };
}
