import {
  NOTHING_KNOWN,
  rankOf,
  type CallChange,
  type CallKnowledge,
  type CallMember,
  type CallOrigin,
  type MemberState,
  type NoteResult,
} from '../calls/call-knowledge.js';
import { keyPart } from '../storage/journal.js';
import { CALL, NOTE } from './redis-call-scripts.js';
import { idOf, type Script } from '../storage/redis-store.js';

type Run = (script: Script, ...args: readonly (string | number)[]) => Promise<unknown>;
/** A device that is in a call. */
export type InCall = readonly [
  sender: string | null,
  conn: string | null,
  call: string | null,
  busy?: string | null,
];
type Reply = readonly [
  hash: readonly string[],
  devices: readonly InCall[],
  names: (string | null)[],
];

/** The state of calls that several nodes share; see redis-call-scripts.ts. */
export class RedisCalls {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  /** @throws {UnavailableError} */
  async get(
    callID: string,
    named: readonly string[],
  ): Promise<Omit<CallKnowledge, 'devices'> & { readonly devices: readonly InCall[] }> {
    const parts = named.map((user) => keyPart(user));
    const [hash, devices, names] = (await this.#run(CALL, keyPart(callID), ...parts)) as Reply;
    const userNames = new Map<string, string>();
    for (const [index, name] of names.entries()) {
      if (name !== null) userNames.set(named[index] ?? '', name);
    }
    return { ...read(hash), devices, userNames };
  }

  /** @throws {UnavailableError} */
  async note(callID: string, { origin, members, named }: CallChange): Promise<NoteResult> {
    const initiator = origin ? keyPart(origin.initiator) : '';
    const how = origin ? `${Number(origin.endWithInitiator)} ${Number(origin.isComplete)}` : '';
    const args: (string | number)[] = [keyPart(callID), initiator, how, members?.size ?? 0];
    for (const [user, { round, state, inviter, device, reason }] of members ?? []) {
      const devicePart = device === undefined ? '-' : `=${keyPart(device)}`;
      args.push(
        keyPart(user),
        round,
        rankOf(state),
        keyPart(inviter),
        devicePart,
        [state, reason].join('/'),
      );
    }
    for (const [user, names] of named ?? []) {
      args.push(keyPart(user), [...names].map((name) => keyPart(name)).join(' '));
    }
    return (await this.#run(NOTE, ...args)) as NoteResult;
  }
}

function read(hash: readonly string[]): Omit<CallKnowledge, 'devices' | 'userNames'> {
  if (hash.length === 0) return NOTHING_KNOWN;
  let origin: CallOrigin | undefined;
  const members = new Map<string, CallMember>();
  const named = new Map<string, ReadonlySet<string>>();
  for (let index = 0; index < hash.length; index += 2) {
    const field = hash[index] ?? '';
    const parts = (hash[index + 1] ?? '').split(' ').filter((part) => part !== '');
    if (field === '!') {
      const [initiator = '', endWithInitiator, isComplete] = parts;
      origin = {
        initiator: idOf(initiator),
        endWithInitiator: endWithInitiator === '1',
        isComplete: isComplete === '1',
      };
    } else if (field.startsWith('u')) members.set(idOf(field.slice(1)), readMember(parts));
    else if (field.startsWith('n')) named.set(idOf(field.slice(1)), new Set(parts.map(idOf)));
  }
  return { origin, members, named };
}

function readMember([
  round,
  ,
  inviter = '',
  device = '-',
  how = '',
]: readonly string[]): CallMember {
  const [state, reason] = how.split('/');
  return {
    round: Number(round),
    state: state as MemberState,
    inviter: idOf(inviter),
    ...(device !== '-' && { device: idOf(device.slice(1)) }),
    ...(reason && { reason: reason as NonNullable<CallMember['reason']> }),
  };
}
