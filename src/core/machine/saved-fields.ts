/** Fields of a call that a page keeps over a reload: plain data, under names that every build knows. */
export const SAVED_FIELDS = [
  'id',
  'type',
  'initiator',
  'endWithInitiator',
  'group',
  'caller',
  'callees',
  'customData',
  'startedAt',
] as const;
