import { html, nothing, type TemplateResult } from 'lit';
import type { Texts } from './language.js';

/**
 * The row above a list that says what was removed, with a button that restores it. Announced by screen readers: the row
 * must be rendered also while there is nothing to undo.
 * @param text what was removed; empty if nothing can be undone
 */
export const undoOffer = (
  text: string,
  texts: Pick<Texts, 'undo'>,
  onUndo: () => void,
): TemplateResult =>
  html`<div class=${text ? 'undo' : ''}>
    <span role="status">${text || nothing}</span>
    ${
      text
        ? html`<button part="undo-button" class="plain" @click=${onUndo}>${texts.undo}</button>`
        : nothing
    }
  </div>`;

/** Whether the mouse is on the row with the button that undoes, or the button has the focus. */
export const isUndoInUse = (root: ParentNode): boolean =>
  root.querySelector('.undo:is(:hover, :focus-within)') !== null;
