import type { EndReason } from '../../core/protocol/vocabulary.js';
import type { Texts } from './language.js';

/** Why a call ended, for its caller or a member who was in it. */
export function endText(reason: EndReason | undefined, texts: Texts): string {
  switch (reason) {
    case 'declined':
      return texts.declined;
    case 'busy':
      return texts.busy;
    case 'timeout':
      return texts.noAnswer;
    case 'unreachable':
      return texts.unreachable;
    case 'unsupported':
      return texts.unsupported;
    case 'answered-elsewhere':
      return texts.answeredElsewhere;
    case 'declined-elsewhere':
      return texts.declinedElsewhere;
    case 'connection-lost':
      return texts.connectionLost;
    case 'media-failed':
      return texts.mediaFailed;
    default:
      return texts.callEnded;
  }
}
