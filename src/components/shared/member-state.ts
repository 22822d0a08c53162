import type { MemberState } from '../../core/protocol/vocabulary.js';
import type { Texts } from './language.js';

/** In the call, as far as anybody knows. */
export const isIn = (state: MemberState | undefined): boolean =>
  state === 'accepted' || state === 'reconnecting';

/** Invited, and still to answer. */
export const isWaiting = (state: MemberState | undefined): boolean =>
  state === 'inviting' || state === 'ringing' || state === 'unreachable';

/** How it stands with somebody who is invited or was. */
export function memberText(state: MemberState | undefined, texts: Texts): string {
  switch (state) {
    case 'inviting':
      return texts.calling;
    case 'ringing':
      return texts.ringing;
    case 'unreachable':
      return texts.unreachable;
    case 'reconnecting':
      return texts.reconnecting;
    case 'accepted':
      return texts.inCall;
    case 'declined':
      return texts.declined;
    case 'busy':
      return texts.busy;
    case 'timeout':
      return texts.noAnswer;
    default:
      return '';
  }
}
