import type { ReactiveControllerHost } from 'lit';
import { systemClock } from '../../core/clock/system-clock.js';
import type { Clock } from '../../core/ports/clock.js';
import type { CallSnapshot, Member, RemoteMediaSnapshot } from '../../core/service/snapshots.js';
import type { CallInvitationService } from '../../core/service/types.js';
import { StoreController } from '../shared/store-controller.js';

/** How long a dialog shows that its call connects, at most, in ms. Then the view of the call shows it. */
const LIMIT_MS = 1_500;

/**
 * The time in which an accepted call connects, and the dialog in which it was placed or answered still shows it. It ends when
 * the media of all members who have accepted arrive. Drawing the view of the call, and drawing it again with each picture, would delay
 * the sound and the pictures on a device with few processor cores.
 */
export class ConnectingPhase {
  readonly #host: ReactiveControllerHost & Element;
  readonly #media: StoreController<ReadonlyMap<string, RemoteMediaSnapshot>>;
  readonly #clock: Pick<Clock, 'after'>;
  /** Stops the timer of the limit, which runs during the phase. */
  #stop: (() => void) | undefined;
  /** The call for which the limit was reached. */
  #late: string | undefined;
  /** Tracks whose first packet is waited for. */
  readonly #awaited = new Set<MediaStreamTrack>();

  constructor(host: ReactiveControllerHost & Element, clock: Pick<Clock, 'after'> = systemClock) {
    this.#host = host;
    this.#clock = clock;
    this.#media = new StoreController(host);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#media.attach(service?.$remoteMedia);
  }

  /**
   * Must be called in each update in which the dialog could be kept.
   * @returns whether this call connects, so that the dialog is kept
   */
  lasts(call: CallSnapshot | undefined): boolean {
    if (!call || call.status === 'ended' || call.callID === this.#late) return this.end();
    if (call.members.every((member) => this.#hasArrived(call, member))) return this.end();
    const { callID } = call;
    this.#stop ??= this.#clock.after(LIMIT_MS, () => {
      this.#late = callID;
      this.#host.requestUpdate();
    });
    return true;
  }

  /** Must be called in each other update. */
  end(): false {
    this.#stop?.();
    this.#stop = undefined;
    for (const track of this.#awaited) track.removeEventListener('unmute', this.#onPacket);
    this.#awaited.clear();
    return false;
  }

  /** Whether nothing more is waited for from a member: the link is up and, if a picture is sent, packets of it arrive. */
  #hasArrived(call: CallSnapshot, member: Member): boolean {
    if (member.self || member.state !== 'accepted') return true;
    if (!member.connection) return false;
    const [track] = this.#media.value?.get(member.userID)?.picture?.getVideoTracks() ?? [];
    if (call.callType === 'voice' || !member.camera || !track?.muted) return true;
    this.#awaited.add(track);
    track.addEventListener('unmute', this.#onPacket);
    return false;
  }

  readonly #onPacket = (): void => this.#host.requestUpdate();
}
