import type { MessageOf } from '../../src/core/protocol/messages.js';

/** As if a device had sent an invitation of this version. */
export const IMPLIED_INVITE: Omit<MessageOf<'invite'>, 'callID' | 'to' | 'initiator'> = {
  v: 1,
  id: 'foreign',
  type: 'invite',
  callType: 'voice',
  endWithInitiator: false,
  group: false,
  customData: '',
  records: [],
  names: [],
  remaining: [],
  remainingMs: 0,
  timeoutMs: 0,
};

/** As if a device had said how it stands. */
export const IMPLIED_STATE: Omit<MessageOf<'state'>, 'callID'> = {
  v: 1,
  id: 'hello',
  type: 'state',
  phase: 'over',
  to: [],
  records: [],
  names: [],
  remaining: [],
};
