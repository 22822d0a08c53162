import { css } from 'lit';

/** A card above the page that appears without a user action: an incoming call, or the offer of notifications. */
export const cardStyles = css`
  /* At the top of the inline end; on phones, a sheet at the bottom. In a low window, a sheet has no space to grow into. */
  :host([in-layer]) {
    --_from: -24px;
    position: fixed;
    inset-block-start: 20px;
    inset-inline-end: 20px;
    inline-size: 360px;
  }
  @media (max-width: 560px) {
    :host([in-layer]) {
      inset: 12px 12px auto;
      inline-size: auto;
    }
  }
  @media (max-width: 560px) and (min-height: 481px) {
    :host([in-layer]) {
      --_from: 24px;
      inset: auto 12px max(12px, env(safe-area-inset-bottom));
    }
  }
  /* Who calls is more important than the height of the card: long names have two lines. */
  .name {
    display: -webkit-box;
    overflow-wrap: anywhere;
    white-space: normal;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  /* In a low window, the card is scrolled. */
  @media (max-height: 480px) {
    :host([in-layer]) {
      max-block-size: calc(100dvb - 28px);
      border-radius: var(--_radius);
      overflow: auto;
    }
  }
  section {
    padding: 20px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
`;
