import type { SendResult } from '../machine/types.js';
import type { CallConfig } from './call-config.js';
import { CallError } from './call-error.js';
import { checkSend } from './commands.js';
import type { CallSession } from './session-types.js';
import type { SendOptions } from './types.js';

interface CallPlacementOptions {
  readonly config: () => CallConfig;
  /** Generates a callID. */
  readonly callID: () => string;
  readonly session: () => CallSession | undefined;
  /** Throws after the service was destroyed. */
  readonly assertAlive: () => void;
}

/** Places calls. */
export class CallPlacement {
  readonly #options: CallPlacementOptions;
  /** All callIDs that were used. */
  readonly #callIDs = new Set<string>();

  constructor(options: CallPlacementOptions) {
    this.#options = options;
  }

  async send(options: SendOptions): Promise<SendResult> {
    const { config, session, assertAlive } = this.#options;
    assertAlive();
    const { callID = this.#options.callID(), ...checked } = checkSend(
      options,
      session()?.user,
      config(),
    );
    if (this.#callIDs.has(callID)) {
      throw new CallError('invalid-argument', 'callID: used before');
    }
    try {
      await session()?.connected();
    } finally {
      assertAlive();
    }
    const current = session();
    if (!current) throw new CallError('not-connected', 'no user is signed in');
    const result = await current.execute<SendResult>({ type: 'user.send', callID, ...checked });
    this.#callIDs.add(callID);
    return result;
  }
}
