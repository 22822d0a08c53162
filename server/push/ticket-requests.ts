import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { DECLINE_PATH, STATE_PATH, type InvitationState } from '../../src/core/protocol/push.js';
import { MAX_TICKET_BYTES } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import type { Claim, Tickets } from './ticket.js';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** What the holder of a ticket may do. */
export interface TicketActions {
  state(claim: Claim): Promise<InvitationState>;
  /** Declines the invitation. @returns its state after that */
  decline(claim: Claim): Promise<InvitationState>;
}

interface TicketRequestDependencies {
  readonly tickets: Tickets;
  readonly actions: TicketActions;
  readonly logger: Logger;
}

// Any origin may send these requests: only the ticket authorizes them, cookies have no effect.
const HEADERS = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' };

/**
 * Handles the two paths for requests of workers with tickets, below the path of the server.
 * @param path without a slash at the end
 * @returns a handler that returns whether it handles a request
 */
export function ticketRequests(path: string, parts: TicketRequestDependencies) {
  const actions = new Map<string, keyof TicketActions>([
    [`${path}${DECLINE_PATH}`, 'decline'],
    [`${path}${STATE_PATH}`, 'state'],
  ]);
  return (request: Request, response: Response): boolean => {
    const action = actions.get(request.url?.split('?')[0] ?? '');
    if (!action) return false;
    handle(request, action, parts).then(
      ({ status, headers, body = '' }) => {
        // The responses of HTTP/1 and HTTP/2 have these members in common.
        response.statusCode = status;
        for (const [name, value] of Object.entries({ ...HEADERS, ...headers })) {
          response.setHeader(name, value);
        }
        response.end(body);
      },
      () => response.destroy(),
    );
    return true;
  };
}

interface Result {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Rejects if the request is aborted. */
async function handle(
  request: Request,
  action: keyof TicketActions,
  { tickets, actions, logger }: TicketRequestDependencies,
): Promise<Result> {
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  const body = await read(request);
  if (body === undefined) return { status: 413 };
  const claim = tickets.read(body.trim());
  if (!claim) return { status: 403 };
  try {
    const state = await actions[action](claim);
    const headers = { 'content-type': 'application/json' };
    return { status: 200, headers, body: JSON.stringify(state) };
  } catch (error) {
    logger.warn('handling a ticket request failed', { error: String(error) });
    return { status: 503 };
  }
}

/** @returns undefined if the body is too long. The rest is read and discarded, so that the client gets the response */
async function read(request: Request): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_TICKET_BYTES) chunks.push(chunk);
    else if (size > MAX_TICKET_BYTES * 64) throw new Error('far too long');
  }
  return size <= MAX_TICKET_BYTES ? Buffer.concat(chunks).toString() : undefined;
}
