import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
  type ECDH,
} from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parsePushPayload, type PushPayload } from '../../src/core/protocol/push.js';
import { selfSigned } from './certificate.js';

const PATIENCE_MS = 30_000;
const DAY_S = 24 * 3_600;

/** The JSON form of a `PushSubscription`. */
export interface TestSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** A received push message, validated and decrypted. */
export interface ReceivedPush {
  readonly endpoint: string;
  readonly ttl: number;
  readonly urgency: string | undefined;
  readonly topic: string | undefined;
  /** The payload, unchanged. */
  readonly json: unknown;
  readonly payload: PushPayload;
  /** The claims of the VAPID token. */
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string };
  /** The HTTP status of the response. */
  readonly status: number;
}

interface Browser {
  readonly subscription: TestSubscription;
  readonly ecdh: ECDH;
  readonly auth: Buffer;
}
interface Answer {
  readonly status: 201 | 302 | 404 | 410 | 429 | 500;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A push service on loopback with its own certificate. It checks the requirements of RFC 8030, 8188, 8291 and 8292
 * for application servers independently. A fault is answered with 400 and thrown by `next`.
 */
export class FakePushService {
  readonly received: ReceivedPush[] = [];
  /** Faults of rejected pushes. */
  readonly faults: string[] = [];
  /** An agent that trusts the certificate. */
  readonly agent: Agent;
  readonly #server: Server;
  readonly #browsers = new Map<string, Browser>();
  readonly #answers: Answer[] = [];
  readonly #changed = new Set<() => void>();
  #next = 0;
  #key: string | undefined;

  private constructor(server: Server, ca: string) {
    this.#server = server;
    this.agent = new Agent({ ca });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#take(request, response);
    });
  }

  static async start(): Promise<FakePushService> {
    const { key, cert } = selfSigned();
    const server = createServer({ key, cert });
    const service = new FakePushService(server, cert);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return service;
  }

  /** Options for the sender that allow pushes to loopback. */
  get reach() {
    return {
      allows: (endpoint: string) => endpoint.startsWith(`${this.origin}/`),
      agent: this.agent,
    };
  }

  get origin(): string {
    return `https://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Accepts pushes only with this key, as browsers tie a subscription to the key of its creation. base64url. */
  expectKey(key: string): void {
    this.#key = key;
  }

  /** Like `pushManager.subscribe()`. */
  subscribe(): TestSubscription {
    const ecdh = createECDH('prime256v1');
    const auth = randomBytes(16);
    const endpoint = `${this.origin}/push/${randomBytes(12).toString('base64url')}`;
    const p256dh = ecdh.generateKeys().toString('base64url');
    const subscription = { endpoint, keys: { p256dh, auth: auth.toString('base64url') } };
    this.#browsers.set(endpoint, { subscription, ecdh, auth });
    return subscription;
  }

  /** Status codes for the next pushes; later pushes are answered with 201. */
  answer(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  /** Resolves with the next push that was not yet returned. */
  async next(): Promise<ReceivedPush> {
    const index = this.#next++;
    await this.until(() => this.received.length > index);
    return this.received[index] as ReceivedPush;
  }

  /** Waits for a condition, which is checked at each push. */
  async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => {
        clearTimeout(deadline);
        this.#changed.delete(check);
        if (error) reject(error);
        else resolve();
      };
      const check = () => {
        if (this.faults[0] !== undefined) end(new Error(`a push was rejected: ${this.faults[0]}`));
        else if (condition()) end();
      };
      const deadline = setTimeout(() => {
        const received = this.received
          .map(({ payload: { kind, callID } }) => `${kind} ${callID}`)
          .join();
        end(new Error(`timed out waiting for a push; received ${received}`));
      }, PATIENCE_MS);
      this.#changed.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    try {
      const push = this.#read(request, Buffer.concat(chunks));
      const { status, headers = {} } = this.#answers.shift() ?? { status: 201 };
      this.received.push({ ...push, status });
      response.writeHead(status, headers).end();
    } catch (error) {
      this.faults.push((error as Error).message);
      response.writeHead(400).end();
    }
    for (const check of this.#changed) check();
  }

  #read({ method, url, headers }: IncomingMessage, body: Buffer): Omit<ReceivedPush, 'status'> {
    const endpoint = `${this.origin}${url ?? ''}`;
    const browser = this.#browsers.get(endpoint);
    assert(method === 'POST' && browser, 'not a subscription of this service');
    const claims = this.#checkVapid(headers.authorization ?? '');
    const ttl = headers['ttl'];
    assert(typeof ttl === 'string' && /^\d+$/.test(ttl), `the TTL is "${String(ttl)}"`);
    const { urgency, topic } = headers as Record<string, string | undefined>;
    assert(/^(very-low|low|normal|high)$/.test(urgency ?? 'normal'), `urgency "${urgency ?? ''}"`);
    assert(/^[\w-]{1,32}$/.test(topic ?? 'none'), `topic "${topic ?? ''}"`);
    assert(headers['content-encoding'] === 'aes128gcm', 'the content encoding is not aes128gcm');
    assert(body.length <= 4_096, 'the body is longer than 4,096 bytes');
    const json: unknown = JSON.parse(decrypt(body, browser).toString());
    const payload = parsePushPayload(json);
    assert(payload, `invalid payload: ${JSON.stringify(json)}`);
    return { endpoint, ttl: Number(ttl), urgency, topic, json, payload, claims };
  }

  /** RFC 8292: `vapid t=<JWT signed by ES256>, k=<public key>`. */
  #checkVapid(authorization: string): ReceivedPush['claims'] {
    const [, token = '', key = ''] = /^vapid t=([^,\s]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
    assert(this.#key === undefined || key === this.#key, 'not the key of the subscription');
    const [header = '', claimed = '', signature = ''] = token.split('.');
    const point = Buffer.from(key, 'base64url');
    assert(point.length === 65 && point[0] === 4, 'the key is not a point on P-256');
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((n) => n.toString('base64url'));
    const jwk = { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const signed = Buffer.from(`${header}.${claimed}`);
    const isSigned = verify(
      'sha256',
      signed,
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    assert(isSigned, 'the signature of the token does not match its key');
    const parse = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());
    assert((parse(header) as { alg?: unknown }).alg === 'ES256', 'the algorithm is not ES256');
    const claims = parse(claimed) as ReceivedPush['claims'];
    const now = Date.now() / 1_000;
    assert(claims.aud === this.origin, `the audience is ${claims.aud}`);
    assert(
      claims.exp > now && claims.exp <= now + DAY_S,
      'the token has expired, or expires too late',
    );
    assert(/^(mailto:|https:)/.test(claims.sub), `the subject is ${claims.sub}`);
    return claims;
  }
}

/** RFC 8291 over RFC 8188, for one record. */
function decrypt(body: Buffer, { ecdh, auth }: Browser): Buffer {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyLength = body.readUInt8(20);
  const senderKey = body.subarray(21, 21 + keyLength);
  const record = body.subarray(21 + keyLength);
  assert(keyLength === 65 && record.length <= recordSize, 'not a single record with a P-256 key');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), senderKey]);
  const derive = (key: Uint8Array, by: Uint8Array, what: Uint8Array | string, length: number) =>
    Buffer.from(hkdfSync('sha256', key, by, what, length));
  const secret = derive(ecdh.computeSecret(senderKey), auth, info, 32);
  const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(secret, salt, 'Content-Encoding: nonce\0', 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  // The last record ends with 2, then zeros.
  const end = padded.findLastIndex((byte) => byte !== 0);
  assert(padded[end] === 2, 'the padding is not that of the last record');
  return padded.subarray(0, end);
}

function assert(condition: unknown, fault: string): asserts condition {
  if (condition === false || condition === undefined) throw new Error(fault);
}
