import { css } from 'lit';

/** The minimised view: a bar, or a card with a picture. */
export const minimisedStyles = css`
  .bar .name {
    font-size: 16px;
    line-height: 1.25;
  }
  :host([minimised]) {
    --_width: 360px;
    block-size: auto;
  }
  :host([in-layer][minimised]) {
    --_margin: 20px;
    --_edge-top: max(var(--_margin), env(safe-area-inset-top));
    --_edge-bottom: max(var(--_margin), env(safe-area-inset-bottom));
    inset-block-end: var(--_edge-bottom);
  }
  @media (max-width: 560px) {
    :host([in-layer][minimised]) {
      --_margin: 12px;
      inset-block-start: auto;
      inset-inline: 12px;
      inline-size: calc(100dvi - 24px);
    }
  }
  :host([in-layer][minimised]:state(picture)) {
    inset-inline-start: auto;
    inline-size: fit-content;
  }
  /* Moved by the user to a fraction of the free space: see movable-view.ts. */
  :host([in-layer][minimised][moved]) {
    inset: calc(var(--_edge-top) + var(--_y) * (100% - var(--_edge-top) - var(--_edge-bottom))) auto
      auto calc(var(--_margin) + var(--_x) * (100% - 2 * var(--_margin)));
    translate: calc(var(--_x) * -100%) calc(var(--_y) * -100%);
  }
  :host([in-layer][minimised]) :is(.bar, .card),
  :host([in-layer][minimised]) :is(.bar, .card) button {
    touch-action: none;
  }
  .grip {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    min-block-size: 44px;
    border-radius: var(--_radius-small);
    color: var(--_on-stage-quiet);
    cursor: grab;
  }
  .grip:hover {
    color: var(--_on-stage);
  }
  .grip:active {
    cursor: grabbing;
  }
  .bar .grip {
    margin-inline: -8px -12px;
  }
  .bar {
    --_frame: var(--_radius-full);
    container-type: inline-size;
    display: flex;
    align-items: center;
    gap: 8px;
    block-size: auto;
    max-block-size: none;
    padding: 8px;
  }
  .bar .who {
    flex: 1;
    min-inline-size: 0;
  }
  .bar .about {
    position: relative;
    flex: 1;
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
    min-block-size: 44px;
    padding-inline-end: 8px;
    text-align: start;
  }
  /* It covers the avatar and the text, so that a press anywhere on them restores the view. */
  .bar .restore {
    position: absolute;
    inset: 0;
    border-radius: var(--_radius-full);
  }
  .bar .avatar {
    --_size: 42px;
  }
  .bar .status {
    font-size: 14px;
  }
  /* The note needs the place on phones. */
  @container (inline-size < 340px) {
    .about:has(#end-note) .avatar {
      display: none;
    }
    .about:has(#end-note) .status {
      font-size: 12px;
    }
  }
  /* A name says more than its initials. */
  @container (inline-size < 300px) {
    .about .avatar {
      display: none;
    }
  }
  :is(.bar, .card) .control {
    inline-size: 44px;
    block-size: 44px;
  }
  :is(.bar, .card) .end {
    inline-size: 56px;
    border-radius: var(--_radius-full);
  }
  :is(.bar, .card) .sound {
    min-block-size: 44px;
    border-radius: var(--_radius-full);
    color: var(--_accent);
    font-size: 14px;
    font-weight: 600;
  }

  /* With a picture */
  .card {
    container-type: normal;
    display: grid;
    grid-template: auto auto auto / auto;
    inline-size: fit-content;
    block-size: auto;
    max-block-size: none;
    overflow: hidden;
  }
  .card .tile {
    border-radius: 0;
  }
  /* It covers the card, so that a press anywhere on the picture restores the view. The other controls are above it. */
  .card .restore::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .card :is(.grip, .sound, .control) {
    z-index: 1;
  }
  /* As wide as its aspect ratio needs, and at most a quarter of it is cropped. */
  .card video:not(.picture-in-picture) {
    position: static;
    inline-size: clamp(176px, 168px * var(--_aspect, 1.333), 256px);
    block-size: auto;
    max-block-size: calc(100dvb - 112px);
    aspect-ratio: clamp(0.75, var(--_aspect, 1.333), 1.778);
  }
  .card .chip {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-start: 8px;
    max-inline-size: calc(100% - 16px);
    border-radius: var(--_radius-small);
    padding: 4px 8px;
  }
  .card .name {
    font-size: 14px;
  }
  .card .chip .status {
    min-block-size: 0;
    font-size: 12px;
  }
  .card .chip .status:not(:has(:not(:empty))) {
    display: none;
  }
  .card .paused > video ~ .state {
    inset-block-start: 40%;
    font-size: 12px;
  }
  .card .grip {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    color: var(--_on-stage);
  }
  .card .grip .icon {
    inline-size: 28px;
    block-size: 28px;
    padding: 4px;
    border-radius: var(--_radius-full);
    background: var(--_scrim);
  }
  .card .sound {
    position: relative;
    padding-inline: 8px;
  }
  .card .control {
    position: relative;
  }
  .row-of-controls {
    display: flex;
    justify-content: center;
    gap: 8px;
    padding: 8px;
  }
`;
