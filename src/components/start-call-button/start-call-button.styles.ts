import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    display: inline-block;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    inline-size: 100%;
    min-block-size: 44px;
    padding: 8px 16px;
    border-radius: var(--_radius-full);
    background: var(--_accept);
    color: var(--_on-accept);
    font-weight: 600;
    line-height: 1.2;
    transition: filter 0.15s;
  }
  button:hover {
    filter: brightness(1.08);
  }
  button:active {
    filter: brightness(0.92);
  }
  button:disabled {
    background: var(--_raised);
    color: var(--_quiet);
    cursor: not-allowed;
    filter: none;
  }
  #note {
    position: absolute;
    inset-block-start: calc(100% + 8px);
    inset-inline-start: 0;
    z-index: 1;
    inline-size: max-content;
    max-inline-size: min(280px, 90vw);
    padding: 8px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-medium);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--_shadow);
    font-size: 14px;
  }
  #note[hidden] {
    display: none;
  }
`;
