import { css } from 'lit';

export const styles = css`
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin: 0;
    padding: 0 12px 12px;
    border: 0;
    min-inline-size: 0;
  }
  legend {
    padding: 0;
  }
  /* Two pairs in one row, or one below the other: none is left alone in a row on a phone. */
  .pair {
    flex: 1 1 auto;
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 4px;
  }
  label {
    position: relative;
    display: grid;
    place-items: center;
    min-block-size: 44px;
    padding: 4px 8px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-full);
    color: var(--_quiet);
    font-size: 14px;
    font-weight: 600;
    line-height: 1.25;
    cursor: pointer;
  }
  label:hover {
    background: var(--_raised);
  }
  /* Covers its label, so that a press anywhere selects it, and its focus outline surrounds it. */
  input {
    position: absolute;
    inset: -1px; /* the border of its label */
    inline-size: calc(100% + 2px);
    block-size: calc(100% + 2px);
    margin: 0;
    appearance: none;
    border-radius: inherit;
    cursor: pointer;
  }
  input:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  label:has(:checked) {
    border-color: transparent;
    background: var(--_raised);
    color: var(--_text);
    box-shadow: inset 0 0 0 2px var(--_accent);
  }
  h3 {
    padding: 12px 16px 8px;
    color: var(--_quiet);
    font-size: 14px;
    font-weight: 650;
  }
  .way {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .way .icon {
    inline-size: 14px;
    block-size: 14px;
    flex: none;
  }
  .missed .way,
  .missed .name {
    color: var(--_danger-text);
  }
  .failed,
  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    column-gap: 12px;
    padding-inline: 16px 8px;
  }
  .failed {
    margin: 0 12px 12px;
    padding-block: 4px;
    padding-inline: 16px 4px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    font-size: 14px;
  }
  .foot {
    justify-content: start;
    padding-block: 8px;
    border-block-start: 1px solid var(--_line);
  }
  .foot .plain {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .foot .icon {
    inline-size: 17px;
  }
  .foot .plain,
  .failed .plain {
    margin: 0;
  }

  @media (forced-colors: active) {
    label:has(:checked) {
      border-color: Highlight;
    }
  }
`;
