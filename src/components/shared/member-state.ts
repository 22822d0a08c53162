import type { MemberState } from '../../core/protocol/vocabulary.js';
import type { Texts } from './language.js';

/** Text for the state of a member who is or was invited. */
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
