import { LitElement, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { CallError } from '../../core/service/call-error.js';
import type { CallInvitationService, CallSnapshot } from '../../core/service/types.js';
import type { CallHost } from './context.js';
import { errorEvent } from './callback-events.js';
import { textsFor, type Texts } from './language.js';
import type { CallRequestEvent } from './request-events.js';
import { ServiceConsumer } from './service-consumer.js';
import { stageOf, type Stage } from './stage.js';
import { StoreController } from './store-controller.js';

/** @returns the fault of an attribute that a framework has written an object into, before the kit was loaded */
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
 * What all elements of the kit but the provider share: their provider, its service, and the words.
 *
 * @cssprop --call-surface - Ground of cards and menus.
 * @cssprop --call-surface-raised - What lies on that ground.
 * @cssprop --call-text - Text on both.
 * @cssprop --call-text-quiet - Text that stands back.
 * @cssprop --call-line - Fine lines.
 * @cssprop --call-accept - Ground of what accepts and calls.
 * @cssprop --call-on-accept - Text and icons on it.
 * @cssprop --call-danger - Ground of what declines, cancels and hangs up.
 * @cssprop --call-on-danger - Text and icons on it.
 * @cssprop --call-accent - Links, outlines of the focus, and what moves.
 * @cssprop --call-radius - Corners of cards and windows.
 * @cssprop --call-shadow - Shadow of cards and windows.
 * @cssprop --call-font - Families of the font.
 */
export abstract class CallElement extends LitElement {
  /** The ID of the provider. Default: the one that the element lies in, else the document's only one. */
  @property() provider: string | null = null;

  readonly #call = new StoreController<CallSnapshot>(this);
  readonly #consumer = new ServiceConsumer(this, (host) => {
    this.#call.attach(host?.service.$call);
    this.providerChanged(host);
    this.requestUpdate();
  });

  readonly #internals = this.attachInternals();
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

  protected get stage(): Stage | undefined {
    return stageOf(this.call);
  }

  /** The words of the nearest `lang`, with the page's own. */
  protected get texts(): Texts {
    return (this.#texts ??= textsFor(this, this.host?.texts(), {
      onLoad: () => this.requestUpdate(),
      onFailure: (error) => this.report(error),
    }));
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const error = objectAttributeError(this, name, value);
    if (!error) return super.attributeChangedCallback(name, old, value);
    // Not before the first update: the provider has its functions by then.
    void this.updateComplete.then(() => this.report(error));
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.#texts = undefined;
  }

  /** A new provider was found, or what it gives has changed. */
  protected providerChanged(_host: CallHost | undefined): void {}

  /** Sets or clears a state that style sheets see. While it is not `open` an element has no place in the layout. */
  protected setState(name: 'open' | 'video', on: boolean): void {
    this.#internals.states[on ? 'add' : 'delete'](name);
  }

  /** @returns whether the page lets it happen */
  protected request(event: CallRequestEvent): boolean {
    return this.dispatchEvent(event);
  }

  /** A command that this element gave; its failure reaches the page as an error. */
  protected run(command: Promise<unknown> | undefined): void {
    command?.catch((error: unknown) => this.report(error));
  }

  protected report(error: unknown): void {
    if (this.service) this.service.report(error);
    else this.dispatchEvent(errorEvent(error));
  }
}
