import { css } from 'lit';

export const tileStyles = css`
  .tile {
    position: relative;
    display: grid;
    place-items: center;
    min-inline-size: 0;
    overflow: hidden;
    border-radius: var(--_tile-radius);
    background: var(--_tile);
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
  /* Nothing covers a shared screen that is large: its name and its pin are below it. */
  .focus .first.screen {
    padding-block-end: 32px;
  }
  .focus .first.screen > video {
    position: static;
    min-block-size: 0;
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

  /* More than two tiles. Incomplete rows are centred. */
  .grid {
    --_gap: 8px;
    display: flex;
    flex-wrap: wrap;
    align-content: center;
    justify-content: center;
    gap: var(--_gap);
    padding: 4px 12px;
    overflow: auto;
  }
  .grid .tile {
    --_size: clamp(36px, 42cqmin, 128px);
    container-type: size;
    flex: none;
    /* Slightly less, so that rounding up does not wrap the row. */
    inline-size: calc((100% - (var(--_columns, 2) - 1) * var(--_gap)) / var(--_columns, 2) - 0.1px);
    block-size: calc((100% - (var(--_rows, 2) - 1) * var(--_gap)) / var(--_rows, 2) - 0.1px);
    min-block-size: 68px;
  }
  /* One tile is enlarged. The others are in rows below it, or in columns at its inline end. */
  .focus .tile {
    inline-size: calc((100% - (var(--_per-line) - 1) * var(--_gap)) / var(--_per-line) - 0.1px);
    max-inline-size: 160px;
    block-size: var(--_across);
  }
  .focus .first {
    order: -1;
    inline-size: 100%;
    max-inline-size: none;
    block-size: calc(100% - var(--_lines) * (var(--_across) + var(--_gap)));
  }
  .focus.wide {
    flex-direction: column;
  }
  .focus.wide .tile {
    inline-size: var(--_across);
    max-inline-size: none;
    block-size: calc((100% - (var(--_per-line) - 1) * var(--_gap)) / var(--_per-line) - 0.1px);
    max-block-size: 132px;
  }
  .focus.wide .first {
    inline-size: calc(100% - var(--_lines) * (var(--_across) + var(--_gap)) - 0.1px);
    block-size: 100%;
    max-block-size: none;
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

  /* States */
  .lost > video,
  .paused > video,
  .lost > .avatar {
    opacity: 0.55;
  }
  .state {
    position: absolute;
    inset-inline: 8px;
    inset-block-start: calc(50% + var(--_size, 56px) / 2 + 4px);
    font-size: 12px;
    line-height: 1.3;
    text-align: center;
  }
  .lost .state {
    font-weight: 600;
  }
  :is(.lost, .paused) > video ~ .state {
    inset-block-start: 50%;
    translate: 0 -50%;
    font-size: 14px;
  }
  /* A shared screen is often white, and full of text. */
  .screen > video ~ .state {
    inline-size: fit-content;
    margin-inline: auto;
    padding: 4px 8px;
    border-radius: var(--_radius-small);
    background: var(--_scrim);
  }
  .screen .pin .icon {
    box-shadow: 0 0 0 1px var(--_scrim);
  }
  /* In low tiles, the name and the state move beside the avatar. */
  @container (block-size < 150px) {
    .grid .avatar {
      translate: 0 -9px;
    }
    .waiting .avatar,
    .lost .avatar,
    .paused > .avatar {
      --_size: 36px;
      translate: 0 calc(-50% + 2px);
    }
    .waiting .state,
    .lost > .avatar ~ .state,
    .paused > .avatar ~ .state {
      inset-block-start: calc(50% + 4px);
    }
    :is(.lost, .paused) > video ~ .state {
      inset-block-start: calc(50% - 16px);
    }
  }
  @container (inline-size < 130px) {
    .grid .tile .state {
      inset-inline: 4px;
      font-size: 12px;
      font-weight: 500;
    }
  }
  .waiting {
    border: 1.5px dashed color-mix(in srgb, var(--_on-stage) 32%, transparent);
    background: color-mix(in srgb, var(--_tile) 55%, transparent);
  }
  /* Keeps the text readable on a video. */
  .pair .waiting {
    background: var(--_tile);
  }
  .waiting .avatar,
  .lost > .avatar {
    opacity: 0.6;
  }
  .waiting .state {
    color: var(--_on-stage-quiet);
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
`;
