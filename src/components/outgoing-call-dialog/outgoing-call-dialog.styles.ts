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
  .message {
    max-inline-size: 30ch;
    margin: 8px auto 0;
    padding: 10px 16px;
    border-radius: 18px;
    background: var(--_glass);
    overflow-wrap: anywhere;
  }
  .centre,
  .notes {
    z-index: 2;
  }
`;
