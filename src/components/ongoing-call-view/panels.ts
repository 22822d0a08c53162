import {
  html,
  nothing,
  type ReactiveController,
  type ReactiveControllerHost,
  type TemplateResult,
} from 'lit';
import { icon, type IconNode } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { X } from '../shared/lucide/x.js';

/** The panels of the call view. */
export type PanelName = 'devices' | 'more' | 'verification';

/** What a panel shows. */
interface PanelContent {
  readonly name: PanelName;
  readonly label: string;
  readonly content: unknown;
}

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode };

/**
 * The panels of the call view, of which at most one is open. Its button, its close button, Escape, and a press outside
 * of it close it. Escape and the close button return the focus to the button that opened it.
 */
export class Panels implements ReactiveController {
  readonly #host: Host;
  #open: PanelName | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.close();
  }

  isOpen(name: PanelName): boolean {
    return this.#open === name;
  }

  open(name: PanelName): void {
    this.#set(name);
  }

  close(): void {
    this.#set(undefined);
  }

  /** A round button that opens and closes a panel. */
  button(name: PanelName, label: string, node: IconNode): TemplateResult {
    return html`<button
      class="round"
      aria-label=${label}
      aria-expanded=${this.isOpen(name)}
      aria-controls=${this.isOpen(name) ? name : nothing}
      @click=${() => this.#set(this.isOpen(name) ? undefined : name)}
    >
      ${icon(node)}
    </button>`;
  }

  /** A panel, while it is open. */
  panel({ name, label, content }: PanelContent, texts: Texts): TemplateResult | typeof nothing {
    if (!this.isOpen(name)) return nothing;
    return html`<div
      id=${name}
      class="panel ${name}"
      role="group"
      aria-labelledby="panel-title"
      tabindex="-1"
    >
      <div class="head">
        <div id="panel-title" class="title">${label}</div>
        <button class="close" aria-label=${texts.close} @click=${this.closeAndFocus}>
          ${icon(X)}
        </button>
      </div>
      ${content}
    </div>`;
  }

  /** Must be called for each `keydown` in the view: Escape closes the panel, and nothing else. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#open || event.defaultPrevented) return;
    event.stopPropagation();
    event.preventDefault();
    this.closeAndFocus();
  };

  /** Returns the focus to the button that has opened the panel. */
  readonly closeAndFocus = (): void => {
    const opener = this.#host.renderRoot.querySelector<HTMLElement>(
      `[aria-controls="${this.#open}"]`,
    );
    this.close();
    opener?.focus();
  };

  readonly #onPointerDown = (event: PointerEvent): void => {
    const { renderRoot } = this.#host;
    // Elements of the page may have the same classes and attributes.
    const isInside = event
      .composedPath()
      .some(
        (node) =>
          node instanceof Element &&
          node.getRootNode() === renderRoot &&
          node.matches('.panel, [aria-expanded]'),
      );
    if (!isInside) this.close();
  };

  #focusPanel(): void {
    this.#host.renderRoot.querySelector<HTMLElement>('.panel')?.focus();
  }

  #set(name: PanelName | undefined): void {
    if (name === this.#open) return;
    this.#open = name;
    const listen = name ? 'addEventListener' : 'removeEventListener';
    window[listen]('pointerdown', this.#onPointerDown as EventListener, true);
    this.#host.requestUpdate();
    // A panel is before its opener in the order of the keyboard.
    if (name) void this.#host.updateComplete.then(() => this.#focusPanel());
  }
}
