import type { CallSnapshot } from '../../core/service/snapshots.js';
import { reconnectingText } from './connection-text.js';
import { endText } from './end-text.js';
import type { Texts } from './language.js';

/** Status text of a running call while no media flow; otherwise an empty string. */
export function callText(
  {
    status,
    endReason,
    members,
    onHold,
  }: Pick<CallSnapshot, 'status' | 'endReason' | 'members' | 'onHold'>,
  texts: Texts,
): string {
  if (onHold && status !== 'ended') return texts.onHold;
  switch (status) {
    case 'connecting':
      return texts.connecting;
    case 'reconnecting':
      return reconnectingText(members, texts);
    case 'ended':
      return endText(endReason, texts);
    default:
      return '';
  }
}

/** The kind of a call: voice or video, one-to-one or group. */
export function callKindText(
  { callType, group }: Pick<CallSnapshot, 'callType' | 'group'>,
  texts: Texts,
): string {
  if (callType === 'video') return group ? texts.groupVideoCall : texts.videoCall;
  return group ? texts.groupVoiceCall : texts.voiceCall;
}
