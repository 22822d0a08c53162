import { css } from 'lit';

/** The row of controls after the end of a call. It has the height of the row before. */
export const endedCallStyles = css`
  .controls.end-actions {
    flex-wrap: wrap;
    align-items: center;
  }
  .end-actions button,
  .end-actions ::slotted(:not(slot)) {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 48px;
    padding: 0 20px;
    border: 1px solid transparent;
    border-radius: var(--_radius-full);
    background: var(--_glass);
    color: var(--_on-control);
    font-family: inherit;
    font-size: 16px;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }
  .end-actions button:hover {
    background: var(--_control-hover);
  }
  .end-actions .call {
    background: var(--_accept);
    color: var(--_on-accept);
  }
  .end-actions .call:hover {
    background: color-mix(in oklab, var(--_accept) 88%, black);
  }
  .end-actions button[aria-disabled='true'] {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .bar .end-actions {
    flex-wrap: nowrap;
    gap: 8px;
    padding: 0;
  }
  .bar .end-actions button {
    min-block-size: 44px;
    min-inline-size: 44px;
    padding: 0;
    border-radius: var(--_radius-full);
  }
  .bar .end-actions .call {
    min-inline-size: 56px;
  }
  .bar .end-actions .label,
  .end-actions .close .icon {
    display: none;
  }
  .bar .end-actions .close .icon {
    display: block;
  }
  .bar ::slotted([slot='message']) {
    display: none;
  }
  @container stage (inline-size < 420px) {
    .end-actions button,
    .end-actions ::slotted(:not(slot)) {
      padding-inline: 12px;
    }
  }
  @container stage (block-size < 300px) {
    .end-actions button {
      min-block-size: 44px;
      border-radius: var(--_radius-full);
      font-size: 14px;
    }
  }
`;
