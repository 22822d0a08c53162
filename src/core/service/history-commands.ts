import type { CallHistory } from '../ports/call-history.js';
import type { MissedCalls } from '../ports/missed-calls.js';
import type { SendResult } from '../machine/types.js';
import type { CallSession } from './session-types.js';
import { CallError } from './call-error.js';
import { checkCallIDs } from './commands.js';
import type { CallInvitationService } from './types.js';

/** The commands about former calls: missed ones, and the history. */
export class HistoryCommands {
  readonly #service: Pick<CallInvitationService, 'user' | 'send'>;
  readonly #session: () => CallSession | undefined;

  /** @param session returns the current session. Throws `destroyed` */
  constructor(
    service: Pick<CallInvitationService, 'user' | 'send'>,
    session: () => CallSession | undefined,
  ) {
    this.#service = service;
    this.#session = session;
  }

  /** Runs a job with the missed-call manager of the current session. */
  async withMissedCalls(job: (missed: MissedCalls) => Promise<boolean>): Promise<boolean> {
    return (await this.#session()?.withMissedCalls(job)) ?? false;
  }

  /** Runs a job with the call history of the current session. */
  async withHistory(job: (history: CallHistory) => Promise<boolean>): Promise<boolean> {
    return (await this.#session()?.withHistory(job)) ?? false;
  }

  async callAgain(callID: string): Promise<SendResult> {
    const self = this.#service.user?.userID;
    const entry = await this.#session()?.withHistory((history) => history.find(callID));
    if (!entry) throw new CallError('call-over', 'No call of the history has this callID.');
    const { caller, callees, callType } = entry;
    const invitees = [caller, ...callees].filter(({ userID }) => userID !== self);
    const result = await this.#service.send({ invitees, callType });
    // The user has seen that this call was missed. Whether that can be noted says nothing about the call.
    this.markSeen([callID]).catch(() => {});
    return result;
  }

  async markSeen(callIDs: readonly string[]): Promise<boolean> {
    const checked = checkCallIDs(callIDs);
    return this.withMissedCalls(async (missed) => missed.markSeen(checked));
  }

  async restore(callIDs: readonly string[]): Promise<boolean> {
    const checked = checkCallIDs(callIDs);
    return this.withHistory((history) => history.restore(checked));
  }

  async delete(calls: readonly string[] | 'all'): Promise<boolean> {
    const callIDs = calls === 'all' ? undefined : checkCallIDs(calls);
    const isDeleted = await this.withHistory((history) => history.delete(callIDs));
    return (await this.withMissedCalls((missed) => missed.dismiss(callIDs))) || isDeleted;
  }
}
