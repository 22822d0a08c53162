import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Inserts a request handler before the existing ones, as Engine.IO does. Requests that it does not handle go to those.
 * @param handle returns whether it has handled the request
 */
export function intercept(
  server: EventEmitter,
  handle: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  const others = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (handle(request, response)) return;
    for (const other of others) Reflect.apply(other, server, [request, response]);
  });
}
