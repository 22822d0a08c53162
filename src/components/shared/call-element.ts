import { LitElement, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { CallError } from '../../core/service/call-error.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { avatar, type AvatarTemplate } from './avatar.js';
import type { CallIcons } from './call-icons.js';
import type { CallHost } from './context.js';
import { dispatchError } from './callback-events.js';
import { customStates } from './dom-features.js';
import { developerWarnings } from './developer-warnings.js';
import { textsFor, type Texts } from './language.js';
import { addTooltips } from './tooltips.js';
import { reportMisspelledAttributes } from './misspelled-attributes.js';
import type { CallRequestEvent } from './request-events.js';
import { ServiceConsumer } from './service-consumer.js';
import { callViewOf, type CallView } from './call-view.js';
import { StoreController } from './store-controller.js';

/** @returns the error for an attribute into which a framework wrote an object before the element was defined */
export function objectAttributeError(
  element: Element,
  name: string,
  value: string | null,
): CallError | undefined {
  if (value !== '[object Object]') return undefined;
  return new CallError(
    'invalid-argument',
    `${element.localName}: ${name}="[object Object]" was set before the kit was loaded; set it as a property.`,
  );
}

/**
 * Base class of all elements except the provider. It finds the provider and gives access to its service and texts.
 *
 * @cssprop --call-surface - Background of cards and menus.
 * @cssprop --call-surface-raised - Background of raised items on cards and menus.
 * @cssprop --call-text - Text on cards and menus.
 * @cssprop --call-text-quiet - Secondary text on cards and menus.
 * @cssprop --call-line - Separator lines.
 * @cssprop --call-accept - Background of the accept and call buttons.
 * @cssprop --call-on-accept - Text and icons on `--call-accept`.
 * @cssprop --call-danger - Background of the decline, cancel and hang-up buttons.
 * @cssprop --call-on-danger - Text and icons on `--call-danger`.
 * @cssprop --call-accent - Links and progress indicators.
 * @cssprop --call-focus-inner - Inner ring around a focused control.
 * @cssprop --call-focus-outer - Outer ring around a focused control; contrasts with the inner one.
 * @cssprop --call-radius-small - Corner radius of tags and of small items.
 * @cssprop --call-radius-medium - Corner radius of notes, fields and menus.
 * @cssprop --call-radius - Corner radius of cards and windows.
 * @cssprop --call-radius-full - Corner radius of buttons, round controls and avatars.
 * @cssprop --call-shadow - Shadow of cards and windows.
 * @cssprop --call-font - Font families.
 */
export abstract class CallElement extends LitElement {
  /** The ID of the provider. Default: the provider that contains the element, else the only one in the document. */
  @property() provider: string | null = null;

  readonly #call = new StoreController<CallSnapshot>(this);
  readonly #consumer = new ServiceConsumer(this, (host) => {
    this.#call.attach(host?.service.$call);
    this.providerChanged(host);
    this.requestUpdate();
  });

  readonly #states = customStates(this);

  constructor() {
    super();
    addTooltips(this);
  }

  #texts: Texts | undefined;

  protected get host(): CallHost | undefined {
    return this.#consumer.value;
  }

  protected get service(): CallInvitationService | undefined {
    return this.host?.service;
  }

  protected get call(): CallSnapshot | undefined {
    return this.#call.value;
  }

  protected get view(): CallView | undefined {
    return callViewOf(this.call);
  }

  /** @internal Icons of the page that replace those of the kit. */
  get icons(): CallIcons | undefined {
    return this.host?.icons?.() ?? undefined;
  }

  /** The texts in the language of the nearest `lang` attribute, with the overrides of the page. */
  protected get texts(): Texts {
    return (this.#texts ??= textsFor(this, this.host?.texts(), {
      onLoad: () => this.requestUpdate(),
      onFailure: (error) => this.report(error),
    }));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) void reportMisspelledAttributes(this, (error) => this.report(error));
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const error = objectAttributeError(this, name, value);
    if (!error) return super.attributeChangedCallback(name, old, value);
    // Not before the first update: the provider has its callbacks by then.
    void this.updateComplete.then(() => this.report(error));
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.#texts = undefined;
  }

  /** Called when the provider changes, or a value that it provides. */
  protected providerChanged(_host: CallHost | undefined): void {}

  /** The avatar of a user, with the picture that the page has for them. */
  protected readonly avatar: AvatarTemplate = (user, classes) =>
    avatar(user, classes, user && this.host?.avatarFor(user.userID));

  /** Sets or clears a custom state (`:state()`). Without `open`, the element has `display: none`. */
  protected setState(name: 'open' | 'video' | 'picture', on: boolean): void {
    this.#states[on ? 'add' : 'delete'](name);
  }

  /** Whether the element is shown. */
  protected get isOpen(): boolean {
    return this.#states.has('open');
  }

  /** @internal Whether it shows a video call. */
  get showsVideo(): boolean {
    return this.#states.has('video');
  }

  /** @returns whether the page did not cancel the event */
  protected request(event: CallRequestEvent): boolean {
    return this.dispatchEvent(event);
  }

  /** Reports the failure of a command of this element as an error of the service. */
  protected run(command: Promise<unknown> | undefined): void {
    command?.catch((error: unknown) => this.report(error));
  }

  protected report(error: unknown): void {
    if (this.service) this.service.report(error);
    else if (!dispatchError(this, error)) developerWarnings.unhandled(this, error);
  }
}
