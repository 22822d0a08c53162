import { css } from 'lit';

export const styles = css`
  /* The tiles have corners of their own. Within a second rounded clip, browsers draw each picture of them several times. */
  .stage:has(.tiles) {
    overflow: visible;
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
  /* On phones, the card of another call is at the top of the view: the avatar and the names are below it. */
  @media (max-width: 560px) {
    :host([in-layer]) .stage[data-other-call] .centre {
      grid-template-rows: 3fr auto auto minmax(1.4em, auto) 1fr;
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
