import { css } from 'lit';

/** What comes in by itself, a call or an offer: it lies over the page, and stands in nobody's way. */
export const cardStyles = css`
  /* A card at the top end; on phones a sheet within the thumb's reach. */
  :host([in-layer]) {
    --_from: -24px;
    position: fixed;
    inset-block-start: 20px;
    inset-inline-end: 20px;
    inline-size: 360px;
  }
  @media (max-width: 560px) {
    :host([in-layer]) {
      --_from: 24px;
      inset: auto 12px max(12px, env(safe-area-inset-bottom));
      inline-size: auto;
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
