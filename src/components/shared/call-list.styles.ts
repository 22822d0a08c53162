import { css } from 'lit';

/** Styles of lists of calls: heading, rows with a person and buttons, and notes. */
export const callListStyles = css`
  :host {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow-wrap: anywhere;
  }
  :host([hidden]) {
    display: none;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    column-gap: 12px;
    min-block-size: 56px;
    padding-block: 8px;
    padding-inline: 16px 8px;
  }
  h2 {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    /* The focus ring does not touch the letters. */
    margin: -4px -8px;
    padding: 4px 8px;
    border-radius: var(--_radius-small);
    font-size: 16px;
    font-weight: 650;
    line-height: 1.3;
  }
  /* Aligns a text button with the text above it. */
  .plain {
    min-block-size: 44px;
    margin-inline-start: -8px;
    padding: 4px 8px;
    border-radius: var(--_radius-medium);
    color: var(--_accent);
    font-size: 14px;
    font-weight: 600;
    line-height: 1.25;
    text-align: start;
  }
  #note {
    margin: 0 12px 12px;
    padding: 8px 16px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    font-size: 14px;
  }
  #note:empty {
    margin: 0;
    padding: 0;
  }
  .undo {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    margin: 0 12px 12px;
    padding-block: 4px;
    padding-inline: 16px 4px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    font-size: 14px;
  }
  .undo .plain {
    margin: 0;
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 8px;
    padding: 12px 16px 24px;
    color: var(--_quiet);
    text-align: center;
  }
  .empty .icon {
    inline-size: 28px;
    block-size: 28px;
    stroke-width: 1.6;
  }

  /* An empty marker: with "list-style: none", Safari does not expose a list. */
  ul {
    padding: 0;
    list-style-type: '';
  }
  /* If there is not enough space beside the text, the buttons wrap below it. */
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 4px 12px;
    padding-block: 8px;
    padding-inline: 16px 8px;
    border-block-start: 1px solid var(--_line);
  }
  .whose {
    position: relative;
  }
  .avatar {
    --_size: 44px;
  }
  .what {
    flex: 1 1 140px;
    display: grid;
    align-content: center;
    min-inline-size: 0;
    min-block-size: 44px;
    line-height: 1.35;
    text-align: start;
  }
  .line {
    display: flex;
    min-inline-size: 0;
  }
  .name {
    font-size: 16px;
    font-weight: 550;
  }
  .quiet,
  .with {
    color: var(--_quiet);
    font-size: 14px;
  }
  /* Each item is preceded by a dot; the dot of the first item in a line is clipped. */
  .quiet {
    overflow: hidden;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    margin-inline-start: -12px;
  }
  .facts > * {
    position: relative;
    padding-inline-start: 12px;
  }
  .facts > ::before {
    content: '·';
    position: absolute;
    inset-inline-start: 0;
    inline-size: 12px;
    text-align: center;
  }
  .actions {
    display: flex;
    justify-content: end;
    margin-inline-start: auto;
  }
  /* As wide in each row of a list, so that all rows break in the same way. */
  ul:has(.block) > li > .actions {
    min-inline-size: 132px;
  }
  .round {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: var(--_radius-full);
    color: var(--_quiet);
    transition: background-color 0.15s;
  }
  .dial {
    background: var(--_raised);
    color: var(--_accept);
  }
  .round:hover,
  .plain:hover {
    background: var(--_raised);
  }
  .dial:hover {
    background: color-mix(in oklab, var(--_accept) 22%, var(--_raised));
  }
  .dial[aria-disabled='true'] {
    background: none;
    color: var(--_quiet);
    cursor: not-allowed;
    opacity: 0.6;
  }

  @media (prefers-reduced-motion: no-preference) {
    li {
      animation: appear 0.25s;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  }
  @media (forced-colors: active) {
    .round {
      border-color: ButtonBorder;
    }
    .dial[aria-disabled='true'] {
      border-color: GrayText;
      color: GrayText;
      opacity: 1;
    }
  }
`;
