import { css } from 'lit';

export const styles = css`
  .status:has(.message) {
    flex-direction: column;
    /* The avatar and the name stay where they were. */
    max-block-size: 1.4em;
  }
  .message {
    max-inline-size: 30ch;
    margin: 8px auto 0;
    padding: 8px 16px;
    border-radius: var(--_radius-medium);
    background: var(--_glass);
    overflow-wrap: anywhere;
  }
`;
