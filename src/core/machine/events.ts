import type { Delivered, ForeignInvite, InboxReport, Reached } from '../protocol/messages.js';
import type {
  CallErrorCode,
  CallType,
  CallUser,
  NotificationTexts,
} from '../protocol/vocabulary.js';
import type { TimerRef } from './timer-ref.js';
import type { SavedCall } from './types.js';
import type { PreferencesChanged } from './user-wide.js';

/** An event of the machine. `now` is this device's monotonic clock in ms: only differences are meaningful. */
export type MachineEvent = { readonly now: number } & (
  | {
      readonly type: 'user.send';
      readonly request: number;
      readonly callID: string;
      readonly callType: CallType;
      readonly invitees: readonly CallUser[];
      readonly customData: string;
      readonly timeoutMs: number;
      readonly endWithInitiator: boolean;
      readonly resourceID?: string;
      readonly notification?: NotificationTexts;
    }
  | {
      readonly type: 'user.invite';
      readonly request: number;
      readonly invitees: readonly CallUser[];
      readonly timeoutMs: number;
    }
  | {
      readonly type: 'user.accept';
      readonly request: number;
      readonly customData: string;
      /** The initial state of microphone and camera, if it is not the page's default. */
      readonly microphone?: boolean;
      readonly camera?: boolean;
      /** What happens to the current call when a waiting one is accepted. */
      readonly current?: 'hold' | 'end';
    }
  /** Adds the user of the call that was put on hold last to the current one. */
  | { readonly type: 'user.merge'; readonly request: number; readonly timeoutMs: number }
  /** Another user takes the place of this user in the current call. */
  | {
      readonly type: 'user.transfer';
      readonly request: number;
      readonly target: CallUser;
      readonly reason: string;
      readonly timeoutMs: number;
    }
  /** Puts the current call on hold, continues it, or exchanges it with the one that was put on hold last. */
  | { readonly type: 'user.hold' | 'user.unhold' | 'user.swap'; readonly request: number }
  /** The page has switched call waiting on or off. */
  | { readonly type: 'config.call-waiting'; readonly on: boolean }
  | {
      readonly type: 'user.decline' | 'user.cancel';
      readonly request: number;
      readonly customData: string;
    }
  | { readonly type: 'user.hang-up'; readonly request: number }
  /** Cancels open invitations of the call, not the whole call. */
  | {
      readonly type: 'user.cancel-invitees';
      readonly request: number;
      readonly userIDs: readonly string[];
      readonly customData: string;
    }
  | PreferencesChanged
  | { readonly type: 'user.join'; readonly request: number; readonly callID: string }
  /** This page was reloaded while it was in a call. */
  | { readonly type: 'user.resume'; readonly saved: SavedCall }
  /**
   * The session ends (`stop()`, `destroy()`, provider removed): leaves or cancels the call; an incoming call is not
   * declined.
   */
  | { readonly type: 'user.leave' }
  /** The user has closed the end of the call that is shown. */
  | { readonly type: 'user.hide-end' }
  /** Another page of this browser is in a call, with the same user; undefined: no other page is in a call any more. */
  | { readonly type: 'other-tab.busy'; readonly callID: string | undefined }
  | { readonly type: 'transport.online' | 'transport.offline' }
  | { readonly type: 'transport.synced'; readonly inbox: InboxReport }
  | { readonly type: 'transport.message'; readonly message: Delivered | ForeignInvite }
  | {
      readonly type: 'transport.acknowledged';
      readonly callID: string;
      readonly messageID: string;
      readonly reached: readonly Reached[];
    }
  /** The server has rejected a message. A lost connection is no rejection: the message is sent again. */
  | {
      readonly type: 'transport.refused';
      readonly callID: string;
      readonly messageID: string;
      readonly code: CallErrorCode;
    }
  | { readonly type: 'timer'; readonly timer: TimerRef }
  | {
      readonly type: 'link.progress' | 'link.up' | 'link.down' | 'link.failed';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
      /** With `link.failed`: somebody may be intercepting the link, so it is not rebuilt. */
      readonly isIntercepted?: boolean;
    }
  | {
      readonly type: 'link.signal';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
      readonly data: Record<string, unknown>;
    }
);

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** An event without its time, which the caller of the machine adds. */
export type EventInput = Without<MachineEvent, 'now'>;
/** A command of the user, without its request number. */
export type Command = Without<Extract<EventInput, { readonly request: number }>, 'request'>;
