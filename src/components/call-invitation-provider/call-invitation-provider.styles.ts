import { css } from 'lit';

export const styles = css`
  :host {
    display: contents;
  }
  .layer {
    inset: auto;
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    overflow: visible;
  }
  /* A card at the top end; on phones a sheet within the thumb's reach. */
  .incoming {
    inset-block-start: 20px;
    inset-inline-end: 20px;
    inline-size: 360px;
  }
  /* A window at the bottom end; on phones the whole screen. */
  .outgoing,
  .ongoing {
    inset-block-end: 20px;
    inset-inline-end: 20px;
    inline-size: 360px;
    block-size: min(560px, 100dvb - 40px);
  }
  .video:not(.incoming) {
    inline-size: min(720px, 100dvi - 40px);
    block-size: min(540px, 100dvb - 40px);
  }
  .layer:has([minimised]) {
    inline-size: min(360px, 100dvi - 24px);
    block-size: auto;
  }
  @media (max-width: 560px) {
    .incoming,
    .layer:has([minimised]) {
      inset: auto 12px max(12px, env(safe-area-inset-bottom));
      inline-size: auto;
    }
    .outgoing,
    .ongoing,
    .video:not(.incoming) {
      --_frame-radius: 0;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
    }
    .layer:has([minimised]) {
      block-size: auto;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .layer > * {
      animation: enter 0.28s cubic-bezier(0.2, 0.8, 0.2, 1);
    }
    @keyframes enter {
      from {
        opacity: 0;
        translate: 0 24px;
      }
    }
    .incoming > * {
      animation-name: drop;
    }
    @keyframes drop {
      from {
        opacity: 0;
        translate: 0 -24px;
      }
    }
    @media (max-width: 560px) {
      .incoming > * {
        animation-name: enter;
      }
    }
  }
`;
