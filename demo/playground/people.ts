import type { CallUser } from '../../src/core/index.js';

/** People of the playground: names of several lengths, scripts and directions. */
export const people = [
  { userID: 'ben', userName: 'Ben Ortiz' },
  { userID: 'amara', userName: 'Amara Koné' },
  { userID: 'chen', userName: '李晨' },
  { userID: 'eko', userName: 'Eko Saputra-Wijayakusuma' },
  { userID: 'fatima', userName: 'فاطمة الزهراء' },
  { userID: 'gus', userName: 'Gus van Dam' },
  { userID: 'hana', userName: 'Hana Mori' },
] as const satisfies readonly CallUser[];

export const [ben, amara, chen, eko, fatima, gus, hana] = people;
