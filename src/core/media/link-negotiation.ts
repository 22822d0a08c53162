import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';

/** Least time between an offer to restart and one that the other side asks for, in ms. */
export const REQUEST_INTERVAL_MS = 1_000;

type Signal = Readonly<Record<string, unknown>>;

interface NegotiationDependencies {
  readonly isOfferer: boolean;
  /** Undefined until the connection was created. */
  readonly connection: () => RTCPeerConnection | undefined;
  /** Called for each restart: the credentials of TURN servers may have been renewed. */
  readonly configuration: () => RTCConfiguration;
  /** Makes an offer with `iceRestart`: now or, if one is outstanding, when the signalling state is stable again. */
  readonly offer: () => void;
  /** Restarts because the other side asks for it. */
  readonly onRequest: () => void;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger | undefined;
}

const ufragsOf = (sdp: string): string[] =>
  [...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, ufrag]) => ufrag ?? '');

/**
 * Decides which descriptions and candidates of the other side are current while ICE is restarted (RFC 8445 §9, RFC
 * 8829).
 *
 * Only the offerer of a link makes offers, so that two offers never meet (glare). The other side asks it for a restart.
 * A restart replaces an offer that is outstanding: that one may be lost, or older than the change of the network. Offers
 * are numbered, and an answer has the number of its offer, so that the answer to a replaced offer is ignored. Earlier
 * versions send no numbers.
 */
export class LinkNegotiation {
  readonly #parts: NegotiationDependencies;
  /** Number of the last offer that was sent or, at the side that answers, received. 0: it has none. */
  #number = 0;
  /** The outstanding offer is being replaced. */
  #isReplacing = false;
  /** Runs for `REQUEST_INTERVAL_MS` after each offer to restart. */
  #stopTimer: (() => void) | undefined;
  /** The other side has asked for a restart meanwhile, and no answer has arrived since. */
  #isRequested = false;
  /** An offer has been received, and its answer was not sent yet. */
  #isAnswering = false;
  /** An offer that arrived meanwhile, and what followed it. */
  readonly #held: Signal[] = [];
  /** ICE user fragments in the current description of the other side. */
  #ufrags: readonly string[] = [];

  constructor(parts: NegotiationDependencies) {
    this.#parts = parts;
  }

  /** Offers a restart of ICE. Only for the offerer. */
  restart(): void {
    const connection = this.#parts.connection();
    if (!connection) return;
    this.#isRequested = false;
    this.#stopTimer?.();
    this.#stopTimer = this.#parts.clock.after(REQUEST_INTERVAL_MS, () => {
      this.#stopTimer = undefined;
      if (this.#isRequested) this.#parts.onRequest();
    });
    this.#renewServers(connection);
    this.#parts.offer();
    if (connection.signalingState !== 'have-local-offer') return;
    this.#isReplacing = true;
    connection.setLocalDescription({ type: 'rollback' }).catch((error: unknown) => {
      // The connection was closed meanwhile, or the answer has just been processed.
      this.#parts.logger?.debug('no rollback', { error: String(error) });
      this.#isReplacing = false;
    });
  }

  /**
   * To be called when the other side asks for a restart. There is one each second at most, however often it asks. An
   * offer that is outstanding already is what it asks for, unless no answer arrives within this second: it was lost if
   * the other side was not connected to the server yet.
   */
  request(): void {
    if (this.#stopTimer) this.#isRequested = true;
    else this.#parts.onRequest();
  }

  close(): void {
    this.#stopTimer?.();
  }

  /** To be called with the type of each description that is sent. @returns the fields to add to it */
  sent(type: string | undefined): { readonly offer?: number } {
    if (type === 'offer') {
      this.#number += 1;
      this.#isReplacing = false;
    }
    this.#isAnswering = false;
    return this.#number > 0 ? { offer: this.#number } : {};
  }

  /** @returns the signals that were held until the answer was sent */
  release(): readonly Signal[] {
    return this.#isAnswering ? [] : this.#held.splice(0);
  }

  /** Whether a description is to be processed now. An offer may be held; everything else is ignored. */
  takesDescription(data: Signal, sdp: string): boolean {
    const isCurrent = this.#parts.isOfferer ? this.#takesAnswer(data) : this.#takesOffer(data);
    if (isCurrent) {
      this.#ufrags = ufragsOf(sdp);
      this.#isRequested = false;
    }
    return isCurrent;
  }

  /** Whether a candidate is to be processed now. Those of a replaced description are ignored. */
  takesCandidate(data: Signal, { usernameFragment }: RTCIceCandidate): boolean {
    if (this.#held.length > 0) {
      this.#held.push(data);
      return false;
    }
    // Without a description, simple-peer keeps the candidates.
    return !usernameFragment || !this.#ufrags.length || this.#ufrags.includes(usernameFragment);
  }

  #takesAnswer({ offer = this.#number }: Signal): boolean {
    // A second answer to one offer would break the connection.
    const isOutstanding = this.#parts.connection()?.signalingState === 'have-local-offer';
    return isOutstanding && !this.#isReplacing && offer === this.#number;
  }

  #takesOffer(data: Signal): boolean {
    if (this.#isAnswering) {
      this.#held.splice(0, Infinity, data);
      return false;
    }
    this.#isAnswering = true;
    const { offer } = data;
    this.#number = typeof offer === 'number' && offer > 0 ? offer : 0;
    const connection = this.#parts.connection();
    if (connection?.remoteDescription) this.#renewServers(connection);
    return true;
  }

  #renewServers(connection: RTCPeerConnection): void {
    try {
      const { iceServers = [], iceTransportPolicy = 'all' } = this.#parts.configuration();
      const current = connection.getConfiguration();
      connection.setConfiguration({ ...current, iceServers, iceTransportPolicy });
    } catch (error) {
      // Firefox before 119 lacks `setConfiguration`: the servers stay those of the first offer.
      this.#parts.logger?.debug('ICE servers not renewed', { error: String(error) });
    }
  }
}
