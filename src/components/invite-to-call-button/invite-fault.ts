import type { CallError } from '../../core/service/call-error.js';
import { DEFAULT_MAX_MEMBERS } from '../../core/service/commands.js';
import type { CallConfig } from '../../core/service/call-config.js';
import type { Texts } from '../shared/language.js';

/** A short text that explains why an invitation failed. */
export function inviteFault(error: unknown, config: CallConfig, texts: Texts): string {
  switch ((error as Partial<CallError>).code) {
    case 'too-many-members':
      return texts.tooManyMembers(config.maxMembers ?? DEFAULT_MAX_MEMBERS);
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
