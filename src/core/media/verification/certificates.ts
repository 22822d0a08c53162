import type { Clock } from '../../ports/clock.js';

/** How long a browser may take to generate a certificate, in ms. A call does not wait longer for its links. */
export const GENERATION_LIMIT_MS = 3_000;
/** Certificates of this many calls are kept: a device that leaves a call and joins again must have the same one. */
const MAX_CALLS = 16;
/** A certificate that expires sooner than this, in ms, is not used for a new call. */
const MIN_VALIDITY_MS = 7 * 24 * 60 * 60_000;

/**
 * Whether a connection has failed although packets arrive: the other side has another certificate than its description
 * says, or has found the same of this side. What has failed then is DTLS, whose own state may be reported later.
 */
export function hasWrongCertificate(connection: RTCPeerConnection): boolean {
  const { connectionState, iceConnectionState } = connection;
  const isReached = iceConnectionState === 'connected' || iceConnectionState === 'completed';
  return isReached && connectionState === 'failed';
}

/** The certificate that all links of one call use. */
export class CallCertificate {
  #certificate: RTCCertificate | undefined;
  #waiting: (() => void)[] | undefined = [];

  constructor(generated: Promise<RTCCertificate | undefined>) {
    void generated.then((certificate) => {
      this.#certificate = certificate;
      const jobs = this.#waiting;
      this.#waiting = undefined;
      for (const job of jobs ?? []) job();
    });
  }

  /** Undefined before it is ready, and if the browser can't generate one: then each link has its own certificate. */
  get value(): RTCCertificate | undefined {
    return this.#certificate;
  }

  /** Runs a job now or, in the order of the calls, as soon as the certificate is generated or that has failed. */
  whenReady(job: () => void): void {
    if (this.#waiting) this.#waiting.push(job);
    else job();
  }
}

/**
 * The certificates of a page, one for each call. All links of a call use the same one, so that a link that is rebuilt
 * has the same fingerprint. Calls do not share one, so that networks can't recognize a browser by its certificate.
 */
export class CallCertificates {
  readonly #connection: () => typeof RTCPeerConnection | undefined;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #calls = new Map<string, CallCertificate>();
  /** Generated in advance, so that no link has to wait. */
  #next: Promise<RTCCertificate | undefined> | undefined;

  /** @param connection returns the constructor of peer connections */
  constructor(connection: () => typeof RTCPeerConnection | undefined, clock: Pick<Clock, 'after'>) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** Generates the certificate of the next call. */
  prepare(): void {
    if (this.#next) return;
    const next = this.#generate();
    this.#next = next;
    void next.then((certificate) => {
      // The next call tries again.
      if (!certificate && this.#next === next) this.#next = undefined;
    });
  }

  of(callID: string): CallCertificate {
    let certificate = this.#calls.get(callID);
    if (!certificate) {
      this.prepare();
      certificate = new CallCertificate(this.#take());
      this.#calls.set(callID, certificate);
      const [oldest = ''] = this.#calls.keys();
      if (this.#calls.size > MAX_CALLS) this.#calls.delete(oldest);
    }
    return certificate;
  }

  async #take(): Promise<RTCCertificate | undefined> {
    const prepared = this.#next;
    this.#next = undefined;
    const certificate = await prepared;
    // A page may have been open for weeks.
    const isOld = certificate && certificate.expires - Date.now() < MIN_VALIDITY_MS;
    return isOld ? this.#generate() : certificate;
  }

  /** @returns undefined if the browser can't generate one, or does not in time */
  #generate(): Promise<RTCCertificate | undefined> {
    return new Promise((resolve) => {
      const stopTimer = this.#clock.after(GENERATION_LIMIT_MS, () => resolve(undefined));
      void this.#request().then((certificate) => {
        stopTimer();
        resolve(certificate);
      });
    });
  }

  async #request(): Promise<RTCCertificate | undefined> {
    try {
      return await this.#connection()?.generateCertificate({
        name: 'ECDSA',
        namedCurve: 'P-256',
      } as AlgorithmIdentifier);
    } catch {
      return undefined; // not supported
    }
  }
}
