import { css } from 'lit';

export const verificationStyles = css`
  .verification {
    display: grid;
    gap: 12px;
    color: var(--_text);
    font-size: 14px;
    line-height: 1.4;
  }
  .verification p {
    margin: 0;
  }
  .verification .member {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .verification .emoji {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 12px 4px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .verification li {
    display: grid;
    justify-items: center;
    align-content: start;
    text-align: center;
    font-size: 12px;
    overflow-wrap: anywhere;
    hyphens: auto;
  }
  .verification .symbol {
    font-family: 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji', sans-serif;
    font-size: 28px;
    line-height: 1.3;
  }
  /* In a low view, all emoji are visible at once, if necessary before the hint. */
  @container stage (block-size < 440px) and (inline-size > 440px) {
    .panel.verification {
      inline-size: min(456px, 100cqi - 24px);
    }
    .verification .emoji {
      grid-template-columns: repeat(7, minmax(0, 1fr));
    }
  }
  @container stage (block-size < 300px) {
    .panel.verification,
    .verification {
      gap: 4px;
    }
    .verification > p {
      order: 1;
    }
    .verification .emoji {
      gap: 4px;
      margin-block-start: 0;
    }
    .verification .symbol {
      font-size: 20px;
    }
  }
`;
