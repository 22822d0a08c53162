import { css } from 'lit';

export const styles = css`
  :host {
    display: contents;
  }
  /* A place in the top layer, without a box: what lies in it is laid out on the screen. */
  .layer {
    inset: auto;
    padding: 0;
    border: 0;
    background: none;
    overflow: visible;
  }
`;
