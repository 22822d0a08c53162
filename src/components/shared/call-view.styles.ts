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
    --_tile-radius: var(--call-radius-tile, var(--_radius-medium));
    --_glass: var(--call-control, rgb(36 41 50 / 0.8));
    --_control-hover: var(--call-control-hover, #3b4350);
    --_control-off: var(--call-control-off, #fff);
    --_control-active: var(--call-control-active, #8cadff);
    --_on-control: var(--call-on-control, #fff);
    --_on-control-off: var(--call-on-control-off, #11141a);
    --_scrim: var(--call-scrim, rgb(8 10 14 / 0.62));
    --_edge: color-mix(in srgb, var(--_on-stage) 14%, transparent);
    --_speaking: var(--call-speaking, var(--_accent));
    --_avatar-size: var(--call-avatar-size, 112px);
    /* Heights of the bar at the top and of the row of controls. */
    --_top: 68px;
    --_dock: 92px;
    --_frame: var(--_radius);
    block-size: 100%;
    color-scheme: dark;
    color: var(--_on-stage);
  }
  /* A window at the bottom of the inline end; in a narrow or low viewport (FULL_VIEWPORT), the full screen. */
  :host([in-layer]) {
    position: fixed;
    inset-block-end: 20px;
    inset-inline-end: 20px;
    inline-size: min(var(--_set-width, var(--_width, 360px)), 100dvi - 40px);
    block-size: min(var(--_set-height, var(--_height, 560px)), 100dvb - 40px);
  }
  :host(:state(video)) {
    --_width: 720px;
    --_height: 540px;
  }
  /* Moved by the user to a fraction of the free space: see view-place.ts. */
  :host([in-layer][moved]) {
    --_margin: 20px;
    inset: calc(var(--_margin) + var(--_y) * (100% - 2 * var(--_margin))) auto auto
      calc(var(--_margin) + var(--_x) * (100% - 2 * var(--_margin)));
    translate: calc(var(--_x) * -100%) calc(var(--_y) * -100%);
  }
  :host([in-layer][moved]:fullscreen) {
    translate: none;
  }
  @media (max-width: 560px), (max-height: 520px) {
    :host([in-layer]:not([minimised])) {
      --_frame: 0px;
      /* A sheet that comes from below. */
      --_from: 100%;
      translate: none;
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
    border: min(1px, var(--_frame)) solid var(--_edge);
    border-radius: var(--_frame);
    background:
      radial-gradient(
        120% 70% at 50% 0%,
        color-mix(in oklab, var(--_stage) 88%, var(--_accent)),
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
  .notes {
    display: grid;
    /* Otherwise, notes that don't fit would lie upon each other. */
    grid-auto-rows: max-content;
    justify-items: center;
    gap: 8px;
    max-block-size: 38cqb;
    overflow: auto;
    overscroll-behavior: contain;
    padding-inline: 12px;
    font-size: 14px;
    text-align: center;
  }
  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 4px;
    padding: 12px 16px;
    border-radius: var(--_radius-medium);
    background: var(--_glass);
  }
  /* As high as a line of text, so that the space above and below is the same. The area for a press is larger. */
  .note button {
    min-block-size: 44px;
    margin-block: -12px;
    padding-inline: 8px;
    border-radius: var(--_radius-medium);
    color: var(--_accent);
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .stage {
      border: 1px solid;
    }
  }
`;
