/** Fields of a call that a page saves before a reload: plain data. All builds of the library use the same names. */
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
