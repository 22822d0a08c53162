import { css } from 'lit';

/** What moves and resizes the window of a call: see movable-view.ts and resizable-window.ts. */
export const windowStyles = css`
  .handles {
    display: contents;
  }
  :host(:fullscreen) .handles {
    display: none;
  }
  @media (max-width: 560px), (max-height: 520px) {
    .handles {
      display: none;
    }
  }
  .stage:has(.handles) {
    overflow: visible;
  }
  .stage:has(.handles) .top {
    user-select: none;
    touch-action: none;
  }
  .edge {
    position: absolute;
    z-index: 5;
    touch-action: none;
  }
  .edge.n,
  .edge.s {
    left: 0;
    right: 0;
    block-size: 8px;
    cursor: ns-resize;
  }
  .edge.e,
  .edge.w {
    top: 0;
    bottom: 0;
    inline-size: 8px;
    cursor: ew-resize;
  }
  .edge.ne,
  .edge.se,
  .edge.sw,
  .edge.nw {
    inline-size: 16px;
    block-size: 16px;
  }
  .edge.ne,
  .edge.sw {
    cursor: nesw-resize;
  }
  .edge.nw,
  .edge.se {
    cursor: nwse-resize;
  }
  .edge.n,
  .edge.ne,
  .edge.nw {
    top: -4px;
  }
  .edge.s,
  .edge.se,
  .edge.sw {
    bottom: -4px;
  }
  .edge.e,
  .edge.ne,
  .edge.se {
    right: -4px;
  }
  .edge.w,
  .edge.sw,
  .edge.nw {
    left: -4px;
  }
  .handles .grip,
  .resize {
    position: absolute;
    z-index: 4;
    color: var(--_on-stage);
    touch-action: none;
  }
  /* A short line in the middle of the upper edge. */
  .handles .grip {
    inset: 0 0 auto;
    margin-inline: auto;
    inline-size: 64px;
    min-block-size: 24px;
  }
  .handles .grip .icon {
    display: none;
  }
  .handles .grip::before,
  .resize::before {
    content: '';
    position: absolute;
    opacity: 0.55;
  }
  .handles .grip::before {
    inset-block-start: 4px;
    inline-size: 36px;
    block-size: 4px;
    border-radius: var(--_radius-full);
    background: currentColor;
    box-shadow: 0 0 0 1px var(--_scrim);
  }
  /* An arc along the corner. */
  .resize {
    bottom: 0;
    /* Smaller than its circle of space beside the row of controls. */
    inline-size: 24px;
    block-size: 24px;
    border-radius: var(--_radius-small);
  }
  .resize::before {
    bottom: 8px;
    inline-size: 16px;
    block-size: 16px;
    border-block-end: 3px solid;
  }
  .resize.sw,
  .resize.sw::before {
    left: 0;
    right: auto;
  }
  .resize.se,
  .resize.se::before {
    left: auto;
    right: 0;
  }
  .resize.sw::before {
    left: 8px;
    border-left: 3px solid;
    border-bottom-left-radius: var(--_radius-medium);
  }
  .resize.se::before {
    right: 8px;
    border-right: 3px solid;
    border-bottom-right-radius: var(--_radius-medium);
  }
  :is(.handles .grip, .resize):is(:hover, :focus-visible)::before {
    opacity: 1;
  }
  :is(.handles .grip, .resize):focus-visible {
    outline-offset: -2px;
    box-shadow: none;
  }
  @media (forced-colors: active) {
    .handles .grip::before {
      background: ButtonText;
    }
  }
`;
