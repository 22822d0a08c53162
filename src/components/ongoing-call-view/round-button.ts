import { html, type TemplateResult } from 'lit';
import { icon, type IconNode } from '../shared/icons.js';

/** A round button in the header of the view. */
export const roundButton = (
  look: string,
  label: string,
  node: IconNode,
  press: () => void,
): TemplateResult =>
  html`<button class="round ${look}" aria-label=${label} @click=${press}>${icon(node)}</button>`;
