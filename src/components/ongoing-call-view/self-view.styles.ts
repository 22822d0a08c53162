import { css } from 'lit';

/** The user's own small tile, in a corner of the stage. */
export const selfViewStyles = css`
  .pair.at-start {
    align-items: start;
  }
  .pair.at-top {
    justify-content: start;
  }
  .own[data-dragged] {
    z-index: 1;
  }
  /* In a low view, notes need its space: it would cover the bar at the top. */
  @container stage (block-size < 300px) {
    .stage:has(.note) .pair .own {
      display: none;
    }
  }
  .own .move {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    cursor: grab;
    touch-action: none;
  }
  .own .move:active {
    cursor: grabbing;
  }
  .own .move:focus-visible {
    outline-offset: -4px;
    box-shadow: inset 0 0 0 6px var(--_focus-inner);
  }
`;
