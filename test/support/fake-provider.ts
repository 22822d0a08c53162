import {
  ContextProviderEvent,
  ContextSource,
  type CallHost,
} from '../../src/components/shared/context.js';
import type { CallIcons } from '../../src/components/shared/call-icons.js';
import type { Texts } from '../../src/components/shared/language.js';
import type { CallConfig } from '../../src/core/service/call-config.js';
import { FakeService } from './fake-service.js';

/** A provider for element tests, with a service that is controlled by the test. */
export class FakeProvider extends HTMLElement {
  service = new FakeService();
  config: CallConfig = { ringtone: { incoming: false, outgoing: false } };
  texts: Partial<Texts> | null = null;
  icons: CallIcons | null = null;
  canTakeCalls = true;
  avatarFor: ((userID: string) => string | undefined) | null = null;
  #context: ContextSource | undefined;

  connectedCallback(): void {
    const host: CallHost = {
      element: this,
      service: this.service,
      config: () => this.config,
      texts: () => this.texts,
      icons: () => this.icons,
      avatarFor: (userID) => this.avatarFor?.(userID),
      ringer: () => undefined,
      canTakeCalls: this.canTakeCalls,
    };
    this.#context ??= new ContextSource(this, host);
    this.dispatchEvent(new ContextProviderEvent());
  }

  /** Notifies the elements that texts or configuration have changed. */
  renew(): void {
    this.#context?.renew();
  }
}
