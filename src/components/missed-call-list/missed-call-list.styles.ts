import { css } from 'lit';

export const styles = css`
  .status {
    position: relative;
  }
  .count {
    display: block;
    min-inline-size: 22px;
    padding-inline: 8px;
    border-radius: var(--_radius-full);
    background: var(--_danger);
    color: var(--_on-danger);
    font-size: 12px;
    line-height: 22px;
    text-align: center;
    font-variant-numeric: tabular-nums;
  }
  .about {
    flex: 1 1 140px;
    min-inline-size: 0;
  }
  .about .what {
    min-block-size: 44px;
  }
  .about button.what {
    inline-size: 100%;
  }
  .details {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-inline-size: 100%;
    min-block-size: 44px;
    margin-block: -8px;
    margin-inline-start: -8px;
    padding-inline: 8px;
    border-radius: var(--_radius-small);
    color: var(--_accent);
    font-size: 14px;
    text-align: start;
  }
  .details:hover {
    text-decoration: underline;
  }
  .details .icon {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
  }
  .details[aria-expanded='true'] .icon {
    rotate: 180deg;
  }
  /* The single calls of a row are below its text. */
  li > ul {
    flex: 1 0 100%;
    padding-inline-start: 56px; /* avatar and gap */
  }
  .call {
    flex-wrap: nowrap;
    align-items: center;
    padding: 4px 0;
  }
  .new time {
    color: var(--_text);
    font-weight: 700;
  }
  button.what {
    border-radius: var(--_radius-small);
  }
  button.what:hover .name {
    background: var(--_raised);
  }
  /* Missed calls that the user has not seen are bold and have a dot on the avatar. */
  .unseen .name {
    font-weight: 700;
  }
  .unseen .whose::after {
    content: '';
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    inline-size: 14px;
    block-size: 14px;
    border: 2px solid var(--_surface);
    border-radius: var(--_radius-full);
    background: var(--_danger);
  }

  .hint {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    column-gap: 12px;
    padding-block: 8px;
    padding-inline: 16px 8px;
    border-block-start: 1px solid var(--_line);
    color: var(--_quiet);
    font-size: 14px;
  }
  .hint > span {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 32px;
  }
  .hint .icon {
    inline-size: 17px;
  }

  @media (forced-colors: active) {
    .count {
      border: 1px solid;
    }
    .unseen .whose::after {
      forced-color-adjust: none;
      border-color: Canvas;
      background: Highlight;
    }
  }
`;
