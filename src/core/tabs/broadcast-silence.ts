import type { CallSilence } from '../ports/call-silence.js';

/** `silenced` is the callID; undefined asks the other pages which call they have silenced. */
interface Notice {
  readonly silenced: string | undefined;
}

/**
 * Shares silenced calls by a BroadcastChannel.
 * @param name identifies server and user: pages with the same name share the state
 * @returns undefined where there is no BroadcastChannel: each page is then silenced alone
 *
 * @example
 * const silence = createBroadcastSilence('wss://calls.example.org alice');
 * silence?.open((callID) => console.log(`another page has silenced ${callID}`));
 * silence?.silence('c1');
 */
export function createBroadcastSilence(name: string): CallSilence | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastSilence(name);
}

class BroadcastSilence implements CallSilence {
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  #silenced: string | undefined;

  constructor(name: string) {
    this.#name = `ringkit silence ${name}`;
  }

  open(onSilenced: (callID: string) => void): void {
    this.close();
    const channel = (this.#channel = new BroadcastChannel(this.#name));
    channel.onmessage = ({ data }: MessageEvent<Notice | null>) => {
      const silenced = data?.silenced;
      if (typeof silenced === 'string') onSilenced(silenced);
      else if (this.#silenced !== undefined) this.#post(this.#silenced);
    };
    this.#post(undefined);
  }

  silence(callID: string | undefined): void {
    this.#silenced = callID;
    if (callID !== undefined) this.#post(callID);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#silenced = undefined;
  }

  #post(silenced: string | undefined): void {
    this.#channel?.postMessage({ silenced } satisfies Notice);
  }
}
