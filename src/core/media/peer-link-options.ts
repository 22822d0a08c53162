import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { VerificationFailure } from '../ports/media.js';
import type { Outgoing } from './sources.js';
import type { VerificationContext } from './verification/link-verification.js';

export interface PeerLinkOptions {
  /** This side makes the offer, and restarts ICE. */
  readonly isOfferer: boolean;
  /** Called when the link is created, and at each restart of ICE. */
  readonly configuration: () => RTCConfiguration;
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  readonly clock: Pick<Clock, 'after' | 'now'>;
  readonly logger: Logger | undefined;
  readonly outgoing: Outgoing;
  /** `data` must be passed to the same link on the other side. */
  readonly onSignal: (data: Record<string, unknown>) => void;
  /** `failed` is reported at most once, as the last state, and never after `close()`. */
  readonly onState: (state: 'up' | 'down' | 'failed', why?: VerificationFailure) => void;
  /** The link is not up yet, but may still come up: see {@link LinkProgressOptions.onProgress}. */
  readonly onProgress: (isOwn: boolean) => void;
  /** Tracks, flags or pauses have changed. */
  readonly onRemote: () => void;
  /** The other side shows pictures at other sizes. */
  readonly onView: () => void;
  readonly verification: VerificationContext;
}
