import { css } from 'lit';

export const styles = css`
  /* The tiles have corners of their own. Within a second rounded clip, browsers draw each picture of them several times. */
  .stage:has(.tiles) {
    overflow: visible;
  }
  .bar .name {
    font-size: 16px;
    line-height: 1.25;
  }
  .status .icon {
    inline-size: 15px;
    block-size: 15px;
  }
  /* A narrow view fills the screen of a phone, or is one of the small windows that gain nothing from it. */
  @container stage (inline-size < 420px) {
    .full-screen {
      display: none;
    }
  }
  :host(:fullscreen) {
    --_frame: 0px;
  }
  /* The browser needs a video that is displayed. */
  .picture-in-picture {
    inset: auto 0 0 auto;
    inline-size: 1px;
    block-size: 1px;
    opacity: 0.01;
    pointer-events: none;
  }
  .bars {
    display: inline-flex;
    align-items: end;
    gap: 2px; /* within an icon */
  }
  .bars i {
    inline-size: 4px;
    block-size: 5px;
    border-radius: 1px; /* within an icon */
    background: currentColor;
    opacity: 0.35;
  }
  .bars i:nth-child(2) {
    block-size: 9px;
  }
  .bars i:nth-child(3) {
    block-size: 13px;
  }
  .q1 i:nth-child(-n + 1),
  .q2 i:nth-child(-n + 2),
  .q3 i {
    opacity: 1;
  }

  .connecting :is(.main, .centre) .avatar::before {
    content: '';
    position: absolute;
    inset: -8px;
    border: 3px solid transparent;
    border-block-start-color: var(--_accent);
    border-radius: var(--_radius-full);
  }

  /* Minimised */
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
  /* Moved by the user to a fraction of the free space: see movable-bar.ts. */
  :host([in-layer][minimised][moved]) {
    inset: calc(var(--_edge-top) + var(--_y) * (100% - var(--_edge-top) - var(--_edge-bottom))) auto
      auto calc(var(--_margin) + var(--_x) * (100% - 2 * var(--_margin)));
    translate: calc(var(--_x) * -100%) calc(var(--_y) * -100%);
  }
  :host([in-layer][minimised]) .bar,
  :host([in-layer][minimised]) .bar button {
    touch-action: none;
  }
  .grip {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    min-block-size: 44px;
    margin-inline: -8px -12px;
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
  .bar .control {
    inline-size: 44px;
    block-size: 44px;
  }
  .bar .end {
    inline-size: 56px;
    border-radius: var(--_radius-full);
  }
  .bar .sound {
    min-block-size: 44px;
    border-radius: var(--_radius-full);
    color: var(--_accent);
    font-size: 14px;
    font-weight: 600;
  }
  /* It replaces another view at the moment the call connects, so it has no entry animation. */
  :host([in-layer]) {
    animation: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    .connecting :is(.main, .centre) .avatar::before {
      /* Steps instead of 60 frames a second, because setting up the media needs the CPU. */
      animation: turn 1s steps(10) infinite;
    }
    @keyframes turn {
      to {
        rotate: 1turn;
      }
    }
  }
  @media (forced-colors: active) {
    .bars i {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
`;
