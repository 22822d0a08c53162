import { css } from 'lit';

export const styles = css`
  /* It takes the place of a dialog, and gives way to the full view: neither slides in. */
  :host([in-layer]) {
    animation: none;
  }
  /* So that nothing moves when it is empty. */
  .status {
    min-block-size: 1.4em;
  }
`;
