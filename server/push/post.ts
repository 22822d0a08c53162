import type { OutgoingHttpHeaders } from 'node:http';
import { request, type Agent } from 'node:https';

/** A push, encrypted and signed. */
export interface PushRequest {
  readonly endpoint: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
}

/** What a push service answered. */
export interface Answer {
  readonly status: number;
  /** The header `Retry-After`, as it came. */
  readonly retryAfter: string | undefined;
}

/**
 * Hands a push to its service. A redirect is an answer like any other: it is not followed.
 * @param timeoutMs for all of it, whatever the service sends or does not send meanwhile
 * @throws the network's error
 */
export function post(push: PushRequest, agent: Agent, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const { endpoint, headers, body } = push;
    const options = { method: 'POST', headers, agent, signal };
    const sent = request(endpoint, options, (response) => {
      // What it says beside its status is of no use, and is not kept.
      response.on('error', () => {}).resume();
      const { statusCode = 0, headers: answered } = response;
      resolve({ status: statusCode, retryAfter: answered['retry-after'] });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * `Retry-After` (RFC 9110): seconds, or a date.
 * @returns ms from `now`, or nothing when it says neither
 */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
