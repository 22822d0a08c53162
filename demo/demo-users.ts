import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallServer } from '../server/index.js';

/** Where the demo page asks who is online. */
export const DEMO_USERS_PATH = '/demo/users';

/** Tells everybody who is connected. For the demo page; no part of the kit. */
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
