import { css } from 'lit';

/** The bar at the top, the centre, and the row of controls of a call: see stage.ts. */
export const stagePartsStyles = css`
  /* The bar at the top. */
  .top {
    z-index: 2;
    grid-area: 1 / 1;
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: var(--_top);
    padding: max(12px, env(safe-area-inset-top)) 12px 12px;
  }
  .place {
    flex: none;
    inline-size: 44px;
  }
  .top .who {
    flex: 1;
    min-inline-size: 0;
  }
  /* Readable on any picture. */
  .chip {
    inline-size: fit-content;
    max-inline-size: 100%;
    padding: 4px 12px;
    border-radius: var(--_radius-medium);
    background: var(--_scrim);
    backdrop-filter: blur(12px);
  }
  .chip .name {
    font-size: 16px;
    line-height: 1.25;
  }
  .chip .status {
    color: var(--_on-stage);
  }
  .tools {
    flex: none;
    display: flex;
    gap: 8px;
  }
  .round {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: var(--_radius-full);
    background: var(--_glass);
    color: var(--_on-control);
  }
  .round:hover,
  .round[aria-expanded='true'] {
    background: var(--_control-hover);
  }
  /*
   * Avatar and names, at the same height in each state: in all of the space above the controls, so that notes move
   * nothing. Long names have two lines.
   */
  .centre {
    grid-area: 2 / 1 / 4;
    display: grid;
    grid-template: 2fr auto auto minmax(1.4em, auto) 3fr / minmax(0, 1fr);
    justify-items: center;
    min-block-size: 0;
    overflow: hidden;
    padding: 8px 24px var(--_dock);
    text-align: center;
  }
  /* On phones, the card of another call is at the top of the view: the avatar and the names are below it. */
  @media (max-width: 560px) {
    :host([in-layer]) .stage[data-other-call] .centre {
      grid-template-rows: 3fr auto auto minmax(1.4em, auto) 1fr;
    }
  }
  .avatars {
    grid-row: 2;
    display: flex;
    justify-content: center;
    padding: 12px;
  }
  .avatars .avatar + .avatar {
    margin-inline-start: calc(var(--_size) * -0.2);
    box-shadow: 0 0 0 4px var(--_stage);
  }
  .centre .name {
    grid-row: 3;
    display: -webkit-box;
    font-size: 28px;
    overflow-wrap: anywhere;
    white-space: normal;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .centre > .status {
    grid-row: 4;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    align-content: start;
    justify-content: center;
    margin-block-start: 8px;
    font-size: 16px;
  }
  .large {
    --_size: var(--_avatar-size);
  }
  .status {
    color: var(--_on-stage-quiet);
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }
  .chip .status {
    display: flex;
    align-items: center;
    min-block-size: 20px;
  }
  .status > :not(:empty, .hidden) {
    margin-inline: 4px;
  }
  :is(.chip, .bar) .status > :not(:empty, .hidden) {
    margin-inline: 0 8px;
  }
  .foot {
    z-index: 2;
    grid-area: 3 / 1;
    display: grid;
    align-content: end;
    min-block-size: var(--_dock);
  }
  /* The row of controls. Its places stay the same. */
  .controls {
    --_control: 52px;
    --_end: 68px;
    display: flex;
    justify-content: center;
    gap: 12px;
    padding: 16px 8px max(24px, env(safe-area-inset-bottom));
  }
  .control {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: var(--_control, 52px);
    block-size: var(--_control, 52px);
    border-radius: var(--_radius-full);
    background: var(--_glass);
    color: var(--_on-control);
    transition: background-color 0.15s;
  }
  .control .icon {
    inline-size: 22px;
    block-size: 22px;
  }
  .control:hover,
  .control[aria-expanded='true'] {
    background: var(--_control-hover);
  }
  .control.off {
    background: var(--_control-off);
    color: var(--_on-control-off);
  }
  .control.active {
    background: var(--_control-active);
    color: var(--_on-control-off);
  }
  .control.off:hover {
    background: color-mix(in oklab, var(--_control-off) 88%, black);
  }
  .control.active:hover {
    background: color-mix(in oklab, var(--_control-active) 88%, white);
  }
  .control.end {
    inline-size: var(--_end, 68px);
    border-radius: var(--_radius-full);
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .control.end:hover {
    background: color-mix(in oklab, var(--_danger) 88%, black);
  }
  .control:disabled {
    background: color-mix(in srgb, var(--_glass) 50%, transparent);
    color: color-mix(in srgb, var(--_on-control) 40%, transparent);
    cursor: default;
  }
  .control[aria-busy='true'] .icon {
    opacity: 0.6;
  }
  @container stage (inline-size < 350px) {
    .controls {
      --_control: 48px;
      --_end: 56px;
      gap: 8px;
    }
    .tools {
      gap: 4px;
    }
    .centre .name {
      font-size: 20px;
    }
  }
  @container stage (inline-size < 296px) {
    .controls {
      --_control: 44px;
      --_end: 44px;
      gap: 4px;
      padding-inline: 4px;
    }
  }
  @container stage (inline-size < 250px) {
    .controls {
      --_control: 40px;
      --_end: 40px;
    }
  }
  /* Low, for example a phone in landscape: the avatar gives way first, then the second line of a name. */
  @container stage (block-size < 440px) {
    .stage > * {
      --_top: 52px;
      --_dock: 68px;
    }
    .large {
      --_size: min(72px, var(--_avatar-size));
    }
    .centre .name {
      font-size: 20px;
    }
    .centre > .status {
      margin-block-start: 0;
      font-size: 14px;
    }
    .avatars {
      padding: 8px;
    }
    .top {
      padding-block: max(4px, env(safe-area-inset-top)) 4px;
    }
    .controls {
      padding-block: 8px max(8px, env(safe-area-inset-bottom));
    }
  }
  @container stage (block-size < 300px) {
    .stage > * {
      --_dock: 52px;
    }
    .controls {
      --_control: 44px;
      padding-block: 4px max(4px, env(safe-area-inset-bottom));
    }
    .large {
      --_size: 44px;
    }
    .centre {
      padding-block-start: 0;
    }
    .centre .name {
      -webkit-line-clamp: 1;
    }
    /* Notes take the space of the avatar. */
    .stage:has(.note) .centre {
      grid-template-rows: 0 auto auto minmax(1.4em, auto) 1fr;
    }
    .stage:has(.note) .avatars {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .control:is(.off, .active) {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
