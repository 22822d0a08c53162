import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';
import { StoreController } from '../shared/store-controller.js';

/** Shows the device settings while `service.openSettings()` has opened them. */
export class SettingsLayer {
  readonly #open: StoreController<boolean>;

  constructor(host: LitElement) {
    this.#open = new StoreController(host);
  }

  attach(service: CallInvitationService): void {
    this.#open.attach(service.$settingsOpen);
  }

  get isOpen(): boolean {
    return this.#open.value ?? false;
  }

  render(): TemplateResult | typeof nothing {
    return this.isOpen
      ? html`<call-settings in-layer exportparts="close-button, unblock-button"></call-settings>`
      : nothing;
  }
}
