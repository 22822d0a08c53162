import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';
import { defineOnce } from '../shared/define-once.js';
import { settingsPart } from '../shared/settings-part.js';
import { StoreController } from '../shared/store-controller.js';

/** Shows the device settings while `service.openSettings()` has opened them. Loads their code at the first time. */
export class SettingsLayer implements ReactiveController {
  readonly #host: LitElement;
  readonly #open: StoreController<boolean>;
  #isLoading = false;

  constructor(host: LitElement) {
    this.#host = host;
    this.#open = new StoreController(host);
    host.addController(this);
  }

  attach(service: CallInvitationService): void {
    this.#open.attach(service.$settingsOpen);
    this.#report = (error) => service.report(error);
  }

  get isOpen(): boolean {
    return this.#open.value ?? false;
  }

  render(): TemplateResult | typeof nothing {
    return this.isOpen
      ? html`<call-settings in-layer exportparts="close-button"></call-settings>`
      : nothing;
  }

  hostUpdate(): void {
    if (this.isOpen && !this.#isLoading && !customElements.get('call-settings')) void this.#load();
  }

  #report: (error: unknown) => void = () => {};

  async #load(): Promise<void> {
    this.#isLoading = true;
    const element = await settingsPart.loadWhile(
      () => this.isOpen,
      (error) => this.#report(error),
    );
    this.#isLoading = false;
    if (element) defineOnce('call-settings', element);
    this.#host.requestUpdate();
  }
}
