import { css } from 'lit';

export const panelStyles = css`
  .panel {
    position: absolute;
    inset-block-start: var(--_top);
    inset-inline-end: 12px;
    z-index: 3;
    display: grid;
    gap: 12px;
    inline-size: min(340px, 100cqi - 24px);
    /* The controls of the call stay visible. */
    max-block-size: calc(100cqb - var(--_top) - var(--_dock));
    overflow: auto;
    overscroll-behavior: contain;
    padding: 0 16px 16px;
    border: 1px solid var(--_line);
    color: var(--_text);
    border-radius: var(--_radius-medium);
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .panel .head {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 8px;
    margin-inline-end: -12px;
    padding-block-start: 8px;
    background: var(--_surface);
  }
  .panel .title {
    flex: 1;
    min-inline-size: 0;
    font-size: 16px;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .panel .close {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: var(--_radius-full);
  }
  .panel .close:hover {
    background: var(--_raised);
  }
  /* In a low view, the panel covers the header, but not the controls. */
  @container stage (block-size < 440px) {
    .panel {
      inset-block-start: 4px;
      max-block-size: calc(100cqb - var(--_dock) - 8px);
    }
  }
  /* Further controls are next to their button. */
  .panel.more {
    inset-block: auto calc(var(--_dock) + 4px);
    padding-block-end: 8px;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 12px;
    inline-size: calc(100% + 16px);
    min-block-size: 48px;
    margin-inline: -8px;
    padding: 8px;
    border-radius: var(--_radius-medium);
    text-align: start;
  }
  .row:hover {
    background: var(--_raised);
  }
  .panel .settings {
    min-block-size: 44px;
    border-radius: var(--_radius-medium);
    color: var(--_accent);
    font-size: 14px;
    font-weight: 600;
  }
`;
