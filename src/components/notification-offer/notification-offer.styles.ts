import { css } from 'lit';

export const styles = css`
  /* Where a call comes in: a card at the top end; on phones a sheet within the thumb's reach. */
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
    padding: 18px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow);
  }
  .what {
    display: flex;
    gap: 14px;
  }
  .what > div {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .sign {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    background: var(--_raised);
    color: var(--_accent);
  }
  #title {
    font-size: 16px;
    font-weight: 650;
    line-height: 1.3;
  }
  #why {
    margin-block-start: 3px;
    color: var(--_quiet);
    font-size: 14px;
  }
  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    margin-block-start: 16px;
  }
  .answers button {
    flex: 1 1 auto;
    min-block-size: 44px;
    padding: 8px 16px;
    border-radius: 22px;
    font-weight: 600;
    line-height: 1.2;
    transition: filter 0.15s;
  }
  .answers button:hover {
    filter: brightness(1.08);
  }
  .answers button:active {
    filter: brightness(0.92);
  }
  .later {
    background: var(--_raised);
  }
  .accept {
    background: var(--_accept);
    color: var(--_on-accept);
  }
  @media (forced-colors: active) {
    .answers button {
      border-color: ButtonBorder;
    }
  }
`;
