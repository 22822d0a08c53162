import { css } from 'lit';

export const styles = css`
  .what {
    display: flex;
    gap: 16px;
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
    border-radius: var(--_radius-full);
    background: var(--_raised);
    color: var(--_accent);
  }
  #title {
    font-size: 16px;
    font-weight: 650;
    line-height: 1.3;
  }
  #why {
    margin-block-start: 4px;
    color: var(--_quiet);
    font-size: 14px;
  }
  .answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 16px;
  }
  .answers button {
    flex: 1 1 auto;
    min-block-size: 44px;
    padding: 8px 16px;
    border-radius: var(--_radius-full);
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
