import type { MessageOf } from '../../src/core/protocol/messages.js';

/** Stands for an invitation of another protocol version: the fields that the rules for an invite need. */
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

/** Stands for the report in a hello: the fields that the rules for a `state` message need. */
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
