import { css } from 'lit';

export const styles = css`
  .stage::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 1;
  }
  /* Keeps the text readable on any video. */
  .pictured::after {
    background: rgb(8 10 14 / 0.62);
  }
  .centre,
  .notes {
    z-index: 2;
  }
`;
