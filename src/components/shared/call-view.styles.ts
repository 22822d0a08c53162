import { css } from 'lit';

/**
 * The dark background and the controls of a call. The same in light and dark mode, because video looks best on dark.
 */
export const callViewStyles = css`
  :host {
    --_stage: var(--call-stage, #0e1116);
    --_on-stage: var(--call-on-stage, #f2f4f8);
    --_on-stage-quiet: var(--call-on-stage-quiet, #b6bfce);
    --_tile: var(--call-tile, #20262f);
    --_tile-radius: var(--call-radius-tile, 16px);
    --_glass: rgb(36 41 50 / 0.8);
    --_frame: var(--_radius);
    block-size: 100%;
    color-scheme: dark;
    color: var(--_on-stage);
  }
  /* A window at the bottom of the inline end; in a narrow or low viewport, the full screen. */
  :host([in-layer]) {
    position: fixed;
    inset-block-end: 20px;
    inset-inline-end: 20px;
    inline-size: min(var(--_width, 360px), 100dvi - 40px);
    block-size: min(var(--_height, 560px), 100dvb - 40px);
  }
  :host(:state(video)) {
    --_width: 720px;
    --_height: 540px;
  }
  @media (max-width: 560px), (max-height: 520px) {
    :host([in-layer]:not([minimised])) {
      --_frame: 0px;
      inset: 0;
      inline-size: auto;
      block-size: auto;
    }
  }
  .stage {
    position: relative;
    isolation: isolate;
    container: stage / size;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    /* The height of its container, or 320 pixels in a container without a height of its own. */
    block-size: 320px;
    min-block-size: 100%;
    max-block-size: 100%;
    min-inline-size: 0;
    overflow: hidden;
    /* Visible on a dark page. A view that fills the screen has no border. */
    border: min(1px, var(--_frame)) solid rgb(255 255 255 / 0.1);
    border-radius: var(--_frame);
    background:
      radial-gradient(
        120% 70% at 50% 0%,
        color-mix(in oklab, var(--_stage) 88%, #7d9bff),
        transparent
      ),
      var(--_stage);
    box-shadow: var(--_shadow);
    outline: none;
  }
  .stage:focus-visible {
    box-shadow: var(--_shadow);
  }
  /* The focus of the view as a whole, above all of its content. */
  .stage:focus-visible::before {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 5;
    border: 3px solid var(--_focus-outer);
    border-radius: inherit;
    box-shadow: inset 0 0 0 2px var(--_focus-inner);
    pointer-events: none;
  }
  video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .mirrored {
    scale: -1 1;
  }
  .centre {
    display: grid;
    place-items: center;
    align-content: safe center;
    gap: 6px;
    min-block-size: 0;
    overflow: hidden;
    padding: 8px 24px;
    text-align: center;
  }
  /* Long names have two lines. */
  .centre .name {
    display: -webkit-box;
    margin-block-start: 14px;
    font-size: 26px;
    overflow-wrap: anywhere;
    white-space: normal;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .large {
    --_size: 112px;
  }
  .status {
    color: var(--_on-stage-quiet);
    font-variant-numeric: tabular-nums;
  }
  .notes {
    display: grid;
    justify-items: center;
    gap: 8px;
    max-block-size: 38cqb;
    overflow: auto;
    overscroll-behavior: contain;
    padding-inline: 16px;
    font-size: 13px;
    text-align: center;
  }
  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    column-gap: 4px;
    min-block-size: 36px;
    padding: 4px 14px;
    border-radius: 14px;
    background: var(--_glass);
  }
  .note button {
    min-block-size: 44px;
    padding-inline: 10px;
    border-radius: 14px;
    color: var(--_accent);
    font-weight: 600;
  }
  .foot {
    z-index: 2;
    grid-row: 3;
    align-self: end;
  }
  .controls {
    --_control: 52px;
    --_end: 68px;
    display: flex;
    justify-content: center;
    gap: 12px;
    padding: 16px 12px max(22px, env(safe-area-inset-bottom));
  }
  .control {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: var(--_control, 52px);
    block-size: var(--_control, 52px);
    border-radius: 50%;
    background: var(--_glass);
    color: #fff;
    transition: background-color 0.15s;
  }
  .control .icon {
    inline-size: 22px;
    block-size: 22px;
  }
  .control:hover {
    background: #3b4350;
  }
  .control.off {
    background: #fff;
    color: #11141a;
  }
  .control.off:hover {
    background: #dfe4ec;
  }
  .control.end {
    inline-size: var(--_end, 68px);
    border-radius: 26px;
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .control.end:hover {
    background: color-mix(in oklab, var(--_danger) 88%, #fff);
  }
  .control[aria-busy='true'] .icon {
    opacity: 0.6;
  }
  @container stage (inline-size < 420px) {
    .controls {
      --_control: 46px;
      --_end: 56px;
      gap: 6px;
      padding-inline: 8px;
    }
  }
  @container stage (inline-size < 350px) {
    .controls {
      --_end: 46px;
      gap: 4px;
    }
  }
  @container stage (inline-size < 320px) {
    .controls {
      --_control: 44px;
      --_end: 44px;
      padding-inline: 4px;
    }
  }
  /* Low, for example a phone in landscape: the avatar gives way first, then the second line of a name. */
  @container stage (block-size < 440px) {
    .large {
      --_size: 72px;
    }
    .centre .name {
      margin-block-start: 4px;
      font-size: 20px;
    }
    .controls {
      padding-block: 10px max(10px, env(safe-area-inset-bottom));
    }
  }
  @container stage (block-size < 300px) {
    .controls {
      --_control: 44px;
      padding-block: 6px max(6px, env(safe-area-inset-bottom));
    }
    .large {
      --_size: 44px;
    }
    .centre {
      gap: 2px;
      padding-block: 4px;
    }
    .centre .name {
      margin-block-start: 0;
      -webkit-line-clamp: 1;
    }
  }
  @media (forced-colors: active) {
    .stage {
      border: 1px solid;
    }
    .control.off {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
