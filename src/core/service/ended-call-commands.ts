import type { EndedCall } from './ended-call.js';
import { PublicStores } from './public-stores.js';

/** The commands about the call that has ended last. */
export abstract class EndedCallCommands extends PublicStores {
  protected abstract readonly endedCall: EndedCall;

  redialEndedCall(): Promise<boolean> {
    return this.endedCall.again();
  }

  dismissEndedCall(): boolean {
    return this.endedCall.dismiss();
  }

  keepEndedCall(): () => void {
    return this.endedCall.keep();
  }

  async redialLostCall(): Promise<boolean> {
    return !!this.$lostCall.get() && this.endedCall.again();
  }

  dismissLostCall(): boolean {
    return !!this.$lostCall.get() && this.endedCall.dismiss();
  }
}
