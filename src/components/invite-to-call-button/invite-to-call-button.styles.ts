import { css } from 'lit';

export const styles = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  .open,
  .confirm {
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
  }
  .open {
    background: var(--_raised);
    color: var(--_text);
  }
  .open:hover,
  .confirm:hover {
    filter: brightness(1.08);
  }
  .confirm:disabled {
    background: var(--_raised);
    color: var(--_quiet);
    cursor: not-allowed;
    filter: none;
  }

  /* In the bar of a call view, it looks like the other buttons there: it inherits the tokens of the view. */
  :host([slot='invite']) .open {
    min-inline-size: 44px;
    min-block-size: 44px;
    padding: 0;
    border-radius: var(--_radius-full);
    background: var(--_glass);
    color: var(--_on-control);
  }
  :host([slot='invite']) .open:hover {
    background: var(--_control-hover);
    filter: none;
  }
  :host([slot='invite']) .label {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  #chooser {
    inset: auto;
    inline-size: min(320px, 100vi - 16px);
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-medium);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: var(--_shadow);
    outline: none;
  }
  #chooser:popover-open {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  #title {
    font-size: 16px;
    font-weight: 650;
  }
  ul {
    min-block-size: 56px;
    margin-inline: -8px;
    padding: 0;
    overflow: auto;
    list-style: none;
  }
  label {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 48px;
    padding: 4px 8px;
    border-radius: var(--_radius-medium);
    cursor: pointer;
  }
  label:hover {
    background: var(--_raised);
  }
  label:has(:disabled) {
    background: none;
    cursor: default;
  }
  label:has(:disabled) .avatar {
    opacity: 0.55;
  }
  label:has(:disabled) .person {
    color: var(--_quiet);
  }
  input {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    accent-color: var(--_accent);
  }
  .avatar {
    --_size: 34px;
  }
  .who {
    display: grid;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .person {
    overflow: hidden;
    /* At the edge of the text around it, also if it has the other direction. */
    text-align: -webkit-match-parent;
    text-align: match-parent;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .state,
  p {
    color: var(--_quiet);
    font-size: 14px;
  }
  #note {
    font-size: 14px;
  }
  #note:empty {
    margin-block-start: -8px;
  }
  @media (forced-colors: active) {
    .open,
    .confirm {
      border-color: ButtonBorder;
    }
  }
`;
