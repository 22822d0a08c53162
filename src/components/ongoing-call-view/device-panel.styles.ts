import { css } from 'lit';

export const deviceStyles = css`
  .panel {
    position: absolute;
    inset-block-start: 68px;
    inset-inline-end: 12px;
    z-index: 3;
    display: grid;
    gap: 12px;
    inline-size: min(300px, 100% - 24px);
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: 18px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .panel label {
    display: grid;
    gap: 4px;
    font-size: 13px;
    color: var(--_quiet);
  }
  .panel select {
    inline-size: 100%;
    min-block-size: 44px;
    padding-inline: 10px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_raised);
    color: var(--_text);
    font: inherit;
    font-size: 14px;
    text-overflow: ellipsis;
  }
  .panel .more {
    min-block-size: 44px;
    border-radius: 12px;
    color: var(--_accent);
    font-size: 14px;
    font-weight: 600;
  }
`;
