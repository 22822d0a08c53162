import { css } from 'lit';

export const styles = css`
  .message {
    max-inline-size: 30ch;
    margin: 8px auto 0;
    padding: 8px 16px;
    border-radius: 16px;
    background: var(--_glass);
    overflow-wrap: anywhere;
  }
`;
