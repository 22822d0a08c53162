import type { CallError } from '../../core/service/call-error.js';
import type { CallConfig } from '../../core/service/types.js';
import type { Texts } from '../shared/language.js';

/** What `maxMembers` is where a page says nothing, and the most that it can be. */
const MOST_MEMBERS = 8;

/** Why nobody was invited, in a few words. */
export function inviteFault(error: unknown, config: CallConfig, texts: Texts): string {
  switch ((error as Partial<CallError>).code) {
    case 'too-many-members':
      return texts.tooManyMembers(config.maxMembers ?? MOST_MEMBERS);
    case 'not-allowed':
      return texts.mayNotInvite;
    case 'call-over':
      return texts.callEnded;
    case 'not-connected':
      return texts.notConnected;
    default:
      return texts.inviteFailed;
  }
}
