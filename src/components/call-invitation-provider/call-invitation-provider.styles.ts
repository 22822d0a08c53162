import { css } from 'lit';

export const styles = css`
  :host {
    display: contents;
  }
  /* The layer is a popover without a box of its own: its content is laid out on the screen. */
  .layer {
    inset: auto;
    padding: 0;
    border: 0;
    background: none;
    overflow: visible;
  }
`;
