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
    /* The controls of the call stay visible. */
    max-block-size: calc(100% - 68px - 110px);
    overflow: auto;
    overscroll-behavior: contain;
    padding: 16px;
    border: 1px solid var(--_line);
    border-radius: 18px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .panel .more {
    min-block-size: 44px;
    border-radius: 12px;
    color: var(--_accent);
    font-size: 14px;
    font-weight: 600;
  }
`;
