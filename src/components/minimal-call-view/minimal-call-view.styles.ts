import { css } from 'lit';

export const styles = css`
  /* It replaces a dialog and is replaced by the full view, so it has no entry animation. */
  :host([in-layer]) {
    animation: none;
  }
`;
