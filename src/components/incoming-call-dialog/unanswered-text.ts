import type { EndReason } from '../../core/protocol/vocabulary.js';
import type { Texts } from '../shared/language.js';

/** Text for the end of a call that this user has not answered on this device. */
export function unansweredText(reason: EndReason | undefined, texts: Texts): string {
  switch (reason) {
    case 'answered-elsewhere':
      return texts.answeredElsewhere;
    case 'declined-elsewhere':
      return texts.declinedElsewhere;
    case 'hung-up':
      return texts.callEnded;
    default:
      return texts.missedCall;
  }
}
