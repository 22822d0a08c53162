import type { Logger } from '../ports/logger.js';
import type { PictureParameters, SoundParameters } from './send-parameters.js';

type Wanted = SoundParameters | PictureParameters;

/** Attempts with the same parameters, before the browser's refusal is accepted. */
const ATTEMPTS = 3;

/**
 * Applies parameters to one sender: one `setParameters` at a time, and only if something changes. Fields that a browser
 * does not know have no effect: Firefox and Safari, for example, have no `degradationPreference`.
 */
export class SenderParameters {
  readonly #sender: RTCRtpSender;
  readonly #logger: Logger | undefined;
  #wanted: Wanted | undefined;
  #applied = '';
  #failures = 0;
  #isApplying = false;

  constructor(sender: RTCRtpSender, logger: Logger | undefined) {
    this.#sender = sender;
    this.#logger = logger;
  }

  /** Applies these parameters as soon as the previous ones are. Only the newest ones count. */
  set(wanted: Wanted): void {
    if (JSON.stringify(wanted) !== JSON.stringify(this.#wanted)) this.#failures = 0;
    this.#wanted = wanted;
    if (!this.#isApplying) void this.#apply();
  }

  async #apply(): Promise<void> {
    this.#isApplying = true;
    for (;;) {
      const wanted = this.#wanted;
      const key = JSON.stringify(wanted);
      if (!wanted || key === this.#applied || this.#failures >= ATTEMPTS) break;
      try {
        // `getParameters` and `setParameters` must be called in the same task.
        await this.#sender.setParameters(merged(this.#sender.getParameters(), wanted));
        this.#applied = key;
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        this.#logger?.debug('parameters not set', { error: String(error) });
        break; // The next `set` tries again: a negotiation may be under way, or the link is closed.
      }
    }
    this.#isApplying = false;
  }
}

function merged(parameters: RTCRtpSendParameters, wanted: Wanted): RTCRtpSendParameters {
  const { degradationPreference, ...encoding } = wanted as PictureParameters;
  // Older versions of Firefox return no encodings before the first negotiation.
  const [first, ...others] = (parameters.encodings as RTCRtpEncodingParameters[] | undefined) ?? [];
  return {
    ...parameters,
    encodings: [{ ...first, ...encoding }, ...others],
    ...('degradationPreference' in wanted && { degradationPreference }),
  };
}
