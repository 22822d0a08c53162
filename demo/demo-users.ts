import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallServer } from '../server/index.js';

/** The path at which the demo page requests the connected users. */
export const DEMO_USERS_PATH = '/demo/users';

/** A request handler that returns the connected users. Only for the demo page; not part of ringkit. */
export function demoUsers(server: Pick<CallServer, 'users'>) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    if (request.url?.split('?')[0] !== DEMO_USERS_PATH) {
      next();
      return;
    }
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET' }).end();
      return;
    }
    server.users().then(
      (users) => {
        const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
        response.writeHead(200, headers).end(JSON.stringify(users));
      },
      () => response.writeHead(503).end(),
    );
  };
}
