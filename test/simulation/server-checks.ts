import { isWithoutCall } from './rights.js';
import type { Message, MemberRecord } from '../../src/core/protocol/messages.js';

/** What the server knows of one user in one call. */
interface MemberStatus {
  /** The highest round that was opened. */
  readonly round: number;
  readonly state: 'invited' | 'in' | 'left' | 'declined' | 'missed' | 'canceled';
  readonly inviter: string;
  readonly device?: string | undefined;
}

interface KnownCall {
  readonly initiator: string;
  readonly endWithInitiator: boolean;
  readonly users: Map<string, MemberStatus>;
}

/**
 * The checks that a server can make with only the messages that it has relayed: who is in each call, who is invited,
 * by whom, and who was in it. Statements without authority are not passed on.
 */
export class ServerChecks {
  readonly #calls = new Map<string, KnownCall>();

  /** Records the changes by a message that was passed on. */
  note(user: string, device: string, message: Message): void {
    const { callID } = message;
    if (message.type === 'invite' && !this.#calls.has(callID)) {
      const users = new Map([[user, { round: 1, state: 'in', inviter: user, device } as const]]);
      const { initiator, endWithInitiator } = message;
      this.#calls.set(callID, { initiator, endWithInitiator, users });
    }
    const call = this.#calls.get(callID);
    if (!call) return;
    const about = (name: string) => message.records.find((record) => record.user === name);
    const own = call.users.get(user);
    if (message.type === 'invite') {
      for (const name of message.to) {
        const round = about(name)?.round ?? 1;
        if (round <= (call.users.get(name)?.round ?? 0)) continue;
        call.users.set(name, { round, state: 'invited', inviter: user });
      }
    } else if (message.type === 'select' || message.type === 'cancel') {
      const record = about(message.user);
      if (!record) return;
      const { round, inviter, device: selected } = record;
      const isCanceled = message.type === 'cancel' && message.reason === 'canceled';
      const state = message.type === 'select' ? 'in' : isCanceled ? 'canceled' : 'missed';
      call.users.set(message.user, { round, state, inviter, device: selected });
    } else if (message.type === 'decline' && own?.state === 'invited') {
      if (message.reason === 'declined') call.users.set(user, { ...own, state: 'declined' });
    } else if ((message.type === 'leave' || message.type === 'end') && own?.device === device) {
      call.users.set(user, { ...own, state: 'left' });
    }
  }

  /** @returns the part of this message that may be passed on, without statements that its sender may not make */
  passes(user: string, device: string, message: Message): Message | undefined {
    const call = this.#calls.get(message.callID);
    if (isWithoutCall(message)) return message;
    if (!call) {
      return message.type === 'invite' && message.initiator === user ? message : undefined;
    }
    const own = call.users.get(user);
    if (!own || !this.#maySend(call, user, device, own, message)) return undefined;
    const records = message.records.filter((record) => mayState(call, user, record));
    return { ...message, records };
  }

  #maySend(
    call: KnownCall,
    user: string,
    device: string,
    own: MemberStatus,
    message: Message,
  ): boolean {
    const isIn = own.state === 'in' && own.device === device;
    switch (message.type) {
      case 'invite':
        if (!isIn || message.initiator !== call.initiator) return false;
        return message.to.every((name) => mayInvite(call, user, name));
      case 'roster':
        return isIn;
      case 'cancel':
        return isIn && message.reason !== 'lost' && coordinates(call, user, message.user);
      case 'select':
        return isIn && coordinates(call, user, message.user);
      case 'end':
        return isIn && call.endWithInitiator && user === call.initiator;
      case 'accept':
        if (message.join) return own.state !== 'canceled' && own.state !== 'invited';
        return own.state === 'invited' && message.round === own.round;
      case 'ringing':
      case 'decline':
        return own.state === 'invited' && message.round === own.round;
      case 'leave':
        return message.lost === undefined && (isIn || own.state === 'invited');
      case 'signal':
        return isIn || own.state === 'invited';
      case 'sync':
      case 'state':
      case 'seen':
      case 'history':
      case 'busy':
      case 'preferences':
        return true;
    }
  }
}

/**
 * Whether a user is the coordinator of this open invitation: its inviter, else the initiator, else the lowest user
 * ID.
 */
function coordinates({ users, initiator }: KnownCall, user: string, subject: string): boolean {
  const about = users.get(subject);
  if (about?.state !== 'invited' || user === subject) return false;
  const present = (name: string) => users.get(name)?.state === 'in';
  const first = [about.inviter, initiator, ...[...users.keys()].sort()].find(present);
  return first === user;
}

function mayInvite(call: KnownCall, user: string, subject: string): boolean {
  const about = call.users.get(subject);
  if (about?.state === 'in') return false;
  return about?.state !== 'invited' || coordinates(call, user, subject);
}

/** Statements about other users must agree with what the server knows, or be the sender's decision. */
function mayState(call: KnownCall, user: string, record: MemberRecord): boolean {
  const known = call.users.get(record.user);
  if (record.user === user) return record.state !== 'in' || record.device === known?.device;
  if (!known) return call.users.get(user)?.state === 'in';
  if (record.round > known.round) return mayInvite(call, user, record.user);
  if (record.round < known.round) return true;
  if (record.state === 'inviting' || record.state === 'ringing') return true;
  if (record.state === 'in') return known.state === 'in' && record.device === known.device;
  return known.state === 'invited' ? coordinates(call, user, record.user) : known.state !== 'in';
}
