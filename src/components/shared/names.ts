import { html, type TemplateResult } from 'lit';
import { directionOfNames, listNames, partsOfNames, type Texts } from './language.js';

/**
 * The names of the others. In a list, each is isolated: otherwise, a name in another script would change the order of the
 * names beside it.
 */
export const namesTemplate = (names: readonly string[], texts: Texts): TemplateResult =>
  html`<div
    class="name"
    title=${listNames(names, texts)}
    dir=${directionOfNames(names.length, texts)}
  >
    ${partsOfNames(names, texts).map(({ type, value }) =>
      type === 'element' && names.length > 1 ? html`<bdi>${value}</bdi>` : value,
    )}
  </div>`;
