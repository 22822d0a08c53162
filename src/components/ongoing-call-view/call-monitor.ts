import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { othersOf } from '../shared/call-view.js';
import { writeTime, type Quality } from './call-indicators.js';

/**
 * Checks the running call once a second: its duration, and the quality of its connections. It writes the time
 * itself; it renders its host only when the quality changes.
 */
export class CallMonitor implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  readonly #otherRoot: () => ParentNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #service: CallInvitationService | undefined;
  #call: CallSnapshot | undefined;
  #elapsedMs: number | undefined;
  #quality: Quality | undefined;

  /** @param otherRoot another place that shows the time, if any */
  constructor(
    host: ReactiveControllerHost & { readonly renderRoot: ParentNode },
    otherRoot: () => ParentNode | undefined,
  ) {
    this.#host = host;
    this.#otherRoot = otherRoot;
    host.addController(this);
  }

  /** Duration of the call, in ms; after its end, the final duration. Undefined until it is active. */
  get elapsedMs(): number | undefined {
    return this.#elapsedMs;
  }

  /** The worst quality of all connections; undefined while unknown. */
  get quality(): Quality | undefined {
    return this.#quality;
  }

  watch(service: CallInvitationService | undefined, call: CallSnapshot | undefined): void {
    if (call?.callID !== this.#call?.callID) this.#elapsedMs = this.#quality = undefined;
    this.#service = service;
    this.#call = call;
    const runs = call?.startedAt !== undefined && call.status !== 'ended';
    if (call?.startedAt !== undefined) this.#measureTime();
    // Not at once: reading the statistics of all links takes CPU time, which the pictures need while the call connects.
    if (runs) this.#timer ??= setInterval(() => this.#tick(), 1_000);
    if (!runs) this.hostDisconnected();
  }

  hostUpdated(): void {
    if (this.#elapsedMs === undefined) return;
    for (const root of [this.#host.renderRoot, this.#otherRoot()]) {
      if (root) writeTime(root, this.#elapsedMs);
    }
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
    // If the call ended meanwhile, there is no quality.
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
