import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallInvitationService, CallSnapshot } from '../../core/service/types.js';
import { othersOf } from '../shared/stage.js';
import { writeTime, type Quality } from './call-indicators.js';

/**
 * Looks at a running call once a second: how long it has lasted, and how good its connections are. It writes the time
 * itself; its element is rendered when the quality has changed.
 */
export class CallMonitor implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  #timer: ReturnType<typeof setInterval> | undefined;
  #service: CallInvitationService | undefined;
  #call: CallSnapshot | undefined;
  #elapsedMs: number | undefined;
  #quality: Quality | undefined;

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** How long the call has lasted, in ms; after its end, how long it had. Undefined before it became active. */
  get elapsedMs(): number | undefined {
    return this.#elapsedMs;
  }

  /** The worst of the connections to the others; undefined while unknown. */
  get quality(): Quality | undefined {
    return this.#quality;
  }

  watch(service: CallInvitationService | undefined, call: CallSnapshot | undefined): void {
    if (call?.callID !== this.#call?.callID) this.#elapsedMs = this.#quality = undefined;
    this.#service = service;
    this.#call = call;
    const runs = call?.startedAt !== undefined && call.status !== 'ended';
    if (call?.startedAt !== undefined) this.#measureTime();
    if (runs && this.#timer === undefined) {
      this.#timer = setInterval(() => this.#tick(), 1_000);
      void this.#measureQuality();
    }
    if (!runs) this.hostDisconnected();
  }

  hostUpdated(): void {
    if (this.#elapsedMs !== undefined) writeTime(this.#host.renderRoot, this.#elapsedMs);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.#measureTime();
    this.hostUpdated();
    void this.#measureQuality();
  }

  #measureTime(): void {
    this.#elapsedMs = this.#service?.callDuration() ?? this.#elapsedMs;
  }

  async #measureQuality(): Promise<void> {
    const [service, call] = [this.#service, this.#call];
    if (!service || !call) return;
    const present = othersOf(call).filter(({ state }) => state === 'accepted');
    // A call that has ended meanwhile has no quality.
    const all = await Promise.all(
      present.map(({ userID }) => service.quality(userID).catch(() => undefined)),
    );
    const known = all.filter((quality) => quality !== undefined);
    if (call.callID !== this.#call?.callID) return;
    const quality = known.length ? (Math.min(...known) as Quality) : undefined;
    if (quality !== this.#quality) this.#host.requestUpdate();
    this.#quality = quality;
  }
}
