import type { OutgoingHttpHeaders } from 'node:http';
import { request, type Agent } from 'node:https';

/** An encrypted and signed push message. */
export interface PushRequest {
  readonly endpoint: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
}

/** The response of a push service. */
export interface Answer {
  readonly status: number;
  /** The header `Retry-After`, not parsed. */
  readonly retryAfter: string | undefined;
}

/**
 * Sends a push message to its service. Does not follow redirects.
 * @param timeoutMs time limit for the whole request, in ms
 * @throws the network error
 */
export function post(push: PushRequest, agent: Agent, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const { endpoint, headers, body } = push;
    const options = { method: 'POST', headers, agent, signal };
    const sent = request(endpoint, options, (response) => {
      // The body of the response is discarded.
      response.on('error', () => {}).resume();
      const { statusCode = 0, headers: responseHeaders } = response;
      resolve({ status: statusCode, retryAfter: responseHeaders['retry-after'] });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Parses the header `Retry-After` (RFC 9110): seconds, or a date.
 * @param now in ms since the epoch
 * @returns ms from `now`, or undefined if the header is missing or invalid
 */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
