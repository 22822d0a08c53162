import { tellSources, type LinkChannel } from './link-channel.js';
import type { LinkSenders } from './link-senders.js';
import { NOTHING_SENT, type Outgoing, type SourceTracks } from './sources.js';

const NO_TRACKS: SourceTracks = { microphone: null, camera: null, screen: null };

/** What a link sends: the sources of this device, or nothing while one of its ends has put the call on hold. */
export class HeldSources {
  readonly #senders: Pick<LinkSenders, 'send'>;
  readonly #channel: LinkChannel;
  #sources: Outgoing;
  #isOnHoldHere = false;
  #isOnHoldThere = false;

  constructor(sources: Outgoing, senders: Pick<LinkSenders, 'send'>, channel: LinkChannel) {
    this.#sources = sources;
    this.#senders = senders;
    this.#channel = channel;
    tellSources(channel, sources);
  }

  get isOnHoldHere(): boolean {
    return this.#isOnHoldHere;
  }

  get isOnHoldThere(): boolean {
    return this.#isOnHoldThere;
  }

  /** What is sent at present. While the call is on hold here, no source counts as on. */
  get outgoing(): Outgoing {
    if (!this.#isOnHoldHere && !this.#isOnHoldThere) return this.#sources;
    const flags = this.#isOnHoldHere ? NOTHING_SENT : this.#sources.flags;
    return { ...this.#sources, tracks: NO_TRACKS, flags };
  }

  send(sources: Outgoing): void {
    this.#sources = sources;
    this.#update();
  }

  /** Puts the call on hold here, or continues it, and tells the other side. @returns whether that is new */
  holdHere(on: boolean): boolean {
    if (this.#isOnHoldHere === on) return false;
    this.#isOnHoldHere = on;
    this.#channel.set('hold', on);
    this.#update();
    return true;
  }

  /** The other side states whether it has put the call on hold. */
  holdThere(on: boolean | undefined): void {
    if (on === undefined || on === this.#isOnHoldThere) return;
    this.#isOnHoldThere = on;
    this.#update();
  }

  #update(): void {
    const { outgoing } = this;
    this.#senders.send(outgoing.tracks);
    tellSources(this.#channel, outgoing);
  }
}
