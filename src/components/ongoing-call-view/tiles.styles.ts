import { css } from 'lit';
import { tileStateStyles } from './tile-states.styles.js';

export const tileStyles = css`
  .tile {
    position: relative;
    display: grid;
    place-items: center;
    min-inline-size: 0;
    border-radius: var(--_tile-radius);
    background: var(--_tile);
  }
  .tile > video {
    border-radius: inherit;
  }
  .tag {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-start: 8px;
    display: flex;
    align-items: center;
    gap: 4px;
    max-inline-size: calc(100% - 16px);
    padding: 4px 8px;
    border-radius: var(--_radius-small);
    background: var(--_scrim);
    font-size: 12px;
    font-weight: 550;
  }
  .tag .icon {
    inline-size: 13px;
    block-size: 13px;
  }
  .tag bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tiles {
    grid-area: 2 / 1;
    min-block-size: 0;
  }
  .pair {
    display: flex;
    flex-direction: column;
    align-items: end;
    justify-content: end;
    gap: 8px;
    padding: 8px 16px;
  }
  .pair .main {
    position: absolute;
    inset: 0;
    padding-block-end: var(--_dock);
    border-radius: max(0px, var(--_frame) - 1px);
    background: none;
  }
  .pair .main .tag {
    display: none;
  }
  .screen video {
    object-fit: contain;
  }
  .focus .screen:not(.first) > video {
    object-fit: cover;
  }
  /* Nothing covers a shared screen that is large: its name and its pin are below it. */
  .focus .first.screen {
    padding-block-end: 32px;
  }
  .focus .first.screen > video {
    position: static;
    min-block-size: 0;
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }
  .focus .first.screen .tag {
    inset-block-end: 4px;
    background: none;
  }
  .focus .first.screen .pin .icon {
    inset-block: auto 4px;
  }
  .pair .small {
    --_size: 44px;
    container: tile / size;
    flex: 0 1 138px;
    min-block-size: 96px;
    inline-size: 104px;
    border: 1px solid var(--_edge);
    box-shadow: var(--_shadow);
  }
  .pair .small .tag {
    inset-block-end: 4px;
    inset-inline-start: 4px;
    max-inline-size: calc(100% - 8px);
  }
  .reconnecting .main > video {
    filter: brightness(0.5);
  }

  /* More than two tiles. Incomplete rows are centred. Each row is as wide as its tiles: see tile-layout.ts. */
  .grid {
    --_gap: 8px;
    display: flex;
    flex-wrap: wrap;
    align-content: safe center;
    justify-content: safe center;
    gap: var(--_gap);
    padding: 4px max(12px, (100% - var(--_line, 100%)) / 2);
    overflow: auto;
  }
  .grid .tile {
    --_size: clamp(36px, 42cqmin, 128px);
    container: tile / size;
    flex: none;
    /* Slightly less, so that rounding up does not wrap the row. */
    inline-size: calc((100% - (var(--_columns, 2) - 1) * var(--_gap)) / var(--_columns, 2) - 0.1px);
    block-size: calc((100% - (var(--_rows, 2) - 1) * var(--_gap)) / var(--_rows, 2) - 0.1px);
    min-block-size: 68px;
    max-block-size: var(--_high, none);
  }
  /* At most a quarter of a picture is cropped. The rest of a tile with another aspect ratio is empty. */
  .grid .tile:not(.screen.first) > video {
    inline-size: min(100cqi, 100cqb * var(--_aspect, 1.333) / var(--_visible, 0.75));
    block-size: min(100cqb, 100cqi / var(--_aspect, 1.333) / var(--_visible, 0.75));
    margin: auto;
  }
  .grid:not(.focus) .screen {
    --_visible: 1;
  }
  /* One tile is enlarged. The others are in rows below it, or in columns at its inline end. */
  .focus {
    padding-inline: 12px;
  }
  .focus .tile {
    inline-size: calc((100% - (var(--_per-line) - 1) * var(--_gap)) / var(--_per-line) - 0.1px);
    max-inline-size: var(--_along);
    block-size: var(--_across);
    min-block-size: 64px;
    max-block-size: none;
  }
  .focus .first {
    order: -1;
    inline-size: calc(100% - 2 * var(--_first-margin));
    max-inline-size: none;
    block-size: calc(100% - var(--_lines) * (var(--_across) + var(--_gap)));
    max-block-size: var(--_first-height);
    margin-inline: var(--_first-margin);
  }
  .focus.wide {
    flex-direction: column;
  }
  .focus.wide .tile {
    inline-size: var(--_across);
    max-inline-size: none;
    block-size: calc((100% - (var(--_per-line) - 1) * var(--_gap)) / var(--_per-line) - 0.1px);
    max-block-size: var(--_along);
  }
  .focus.wide .first {
    inline-size: calc(100% - var(--_lines) * (var(--_across) + var(--_gap)) - 0.1px);
    max-inline-size: var(--_first-width);
    block-size: calc(100% - 2 * var(--_first-margin));
    max-block-size: none;
    margin: var(--_first-margin) 0;
  }
  .pin {
    position: absolute;
    inset: 0;
    border-radius: inherit;
  }
  .pin .icon {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
    inline-size: 26px;
    block-size: 26px;
    padding: 4px;
    border-radius: var(--_radius-full);
    background: var(--_scrim);
    color: var(--_on-stage);
    opacity: 0;
  }
  .pin:hover .icon,
  .pin:focus-visible .icon,
  .pin[aria-pressed='true'] .icon {
    opacity: 1;
  }
  .pin[aria-pressed='true'] .icon {
    background: var(--_control-off);
    color: var(--_on-control-off);
  }
  .pin:focus-visible {
    outline-offset: -4px;
    box-shadow: inset 0 0 0 6px var(--_focus-inner);
  }
  @media (hover: none) {
    .grid:not(.focus) .pin .icon {
      opacity: 1;
    }
  }

  .screen .pin .icon {
    box-shadow: 0 0 0 1px var(--_scrim);
  }
  .tile .take-back {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    background: none;
  }
  .take-back .icon {
    inline-size: 28px;
    block-size: 28px;
    padding: 4px;
    border-radius: var(--_radius-full);
    background: var(--_glass);
  }
  .take-back:hover .icon {
    background: var(--_control-hover);
  }
  .grid .speaking,
  .pair .small.speaking {
    outline: 3px solid var(--_speaking);
  }
  .pair .main.speaking > .avatar,
  .centre.speaking .avatar {
    box-shadow: 0 0 0 4px var(--_speaking);
  }
  .pair .main.speaking:has(video)::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 3px solid var(--_speaking);
    border-radius: var(--_frame);
    pointer-events: none;
  }
  /* Screens have round corners of their own, which would cut a frame at the edge. */
  :host(:fullscreen) .pair .main.speaking:has(video)::after {
    inset: 8px;
    border-radius: var(--_radius);
  }
  @media (max-width: 560px), (max-height: 520px) {
    :host([in-layer]) .pair .main.speaking:has(video)::after {
      inset: 8px;
      border-radius: var(--_radius);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .tile {
      outline: 3px solid transparent;
      transition: outline-color 0.15s;
    }
  }
  @media (forced-colors: active) {
    .tile {
      border: 1px solid;
    }
    /* Transparent outlines are visible in forced colours. */
    .tile:not(.speaking) {
      outline: none;
    }
    .grid .speaking,
    .pair .small.speaking {
      outline-color: Highlight;
    }
  }
  ${tileStateStyles}
`;
