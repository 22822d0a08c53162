import { html, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { unavailableControl } from '../shared/controls.js';
import { icon, type IconNode } from '../shared/icons.js';
import type { Texts } from '../shared/language.js';
import { Ellipsis } from '../shared/lucide/ellipsis.js';
import type { Panels } from './panels.js';

/** A control of the panel "More": a button with a text. */
export interface MoreAction {
  readonly label: string;
  readonly node: IconNode;
  readonly onPress: () => void;
  readonly part?: string;
  readonly look?: string;
}

/** The button in the row of controls that opens the panel. Unavailable if there is nothing in it. */
export const moreControl = (
  panels: Panels,
  actions: readonly MoreAction[],
  texts: Texts,
): TemplateResult => {
  if (!actions.length) return unavailableControl(texts.moreControls, Ellipsis);
  const open = (['more', 'verification'] as const).find((name) => panels.isOpen(name));
  return html`<button
    class="control"
    part="more-button"
    aria-label=${texts.moreControls}
    aria-expanded=${!!open}
    aria-controls=${ifDefined(open)}
    @click=${() => (open ? panels.close() : panels.open('more'))}
  >
    ${icon(Ellipsis)}
  </button>`;
};

/** The panel, while it is open. A press on one of its buttons closes it. */
export const morePanel = (
  panels: Panels,
  actions: readonly MoreAction[],
  texts: Texts,
): TemplateResult => {
  const row = ({ label, node, onPress, part, look }: MoreAction): TemplateResult => {
    const press = (): void => {
      panels.closeAndFocus();
      onPress();
    };
    return html`<button class="row ${look ?? ''}" part=${ifDefined(part)} @click=${press}>
      ${icon(node)}<span>${label}</span>
    </button>`;
  };
  const content = html`<div class="rows">${actions.map(row)}</div>`;
  return html`${panels.panel({ name: 'more', label: texts.moreControls, content }, texts)}`;
};
