import { css } from 'lit';

export const styles = css`
  section,
  .who,
  .answers,
  .answers button {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  section {
    flex-direction: column;
    align-items: stretch;
    gap: 16px; /* the ring around the avatar takes the half of it */
    padding: 16px;
  }
  section + section {
    margin-block-start: 8px;
  }
  .who > div {
    flex: 1;
    min-inline-size: 0;
  }
  .who .answers {
    flex: none;
  }
  .what {
    color: var(--_quiet);
    overflow-wrap: anywhere;
  }
  /* If the labels do not fit into a narrow card, the buttons are stacked. */
  .answers {
    flex-wrap: wrap;
    gap: 8px;
  }
  .answers button {
    flex: 1 1 auto;
    justify-content: center;
    min-block-size: 44px;
    padding: 8px 12px;
    border-radius: var(--_radius-full);
    background: var(--_raised);
    font-weight: 600;
    line-height: 1.2;
  }
  .answers button:hover {
    filter: brightness(1.08);
  }
  .answers button:active {
    filter: brightness(0.92);
  }
  .answers .decline {
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .answers .accept {
    background: var(--_accept);
    color: var(--_on-accept);
  }
  /* Below the header of the call view, whose controls are at the bottom. */
  @media (max-width: 560px) {
    :host([in-layer]) {
      --_from: -24px;
      /* 68px: the height of the header. */
      inset: calc(68px + env(safe-area-inset-top)) 12px auto;
      max-block-size: calc(100dvb - 80px);
      border-radius: var(--_radius);
      overflow: auto;
    }
    /* The view of the running call keeps as much space as possible. */
    section {
      gap: 12px;
      padding: 12px;
    }
    .avatar {
      --_size: 44px;
    }
    .name {
      font-size: 16px;
    }
    .what,
    .answers button {
      font-size: 14px;
    }
    .answers button {
      white-space: nowrap;
    }
  }
  @media (forced-colors: active) {
    .answers button {
      border-color: ButtonBorder;
    }
  }
`;
