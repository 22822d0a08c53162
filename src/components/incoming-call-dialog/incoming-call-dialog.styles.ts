import { css } from 'lit';

export const styles = css`
  section {
    display: flex;
    flex-direction: column;
  }
  .who,
  .what,
  .note,
  .answers,
  .answers button {
    display: flex;
    align-items: center;
    gap: 16px;
  }
  .who > div {
    min-inline-size: 0;
  }
  .what {
    gap: 8px;
  }
  .what .icon {
    inline-size: 17px;
  }
  #what {
    color: var(--_quiet);
    overflow-wrap: anywhere;
  }
  .note {
    justify-content: space-between;
    margin-block-start: 16px;
    padding-inline-start: 16px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    font-size: 14px;
  }
  .note button {
    min-block-size: 44px;
    padding-inline: 16px;
    border-radius: var(--_radius-medium);
    color: var(--_accent);
    font-weight: 600;
  }
  /* A note that appears must not move the buttons: it is at the end that is free, also of a sheet at the bottom. */
  @media (max-width: 560px) and (min-height: 481px) {
    :host([in-layer]) :is(.answers, .before) {
      order: 1;
    }
  }
  .preview {
    position: relative;
    overflow: hidden;
    aspect-ratio: 16 / 9;
    margin-block-start: 16px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
  }
  .preview video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .preview .mirrored {
    transform: scaleX(-1);
  }
  .options {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: 16px;
  }
  .space {
    flex: 1;
  }
  .option {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: var(--_radius-full);
    background: var(--_raised);
  }
  .option:hover {
    filter: brightness(0.96);
  }
  .option.off {
    background: var(--_text);
    color: var(--_surface);
  }
  .option[aria-expanded='true'] {
    color: var(--_accent);
  }
  .messages {
    display: grid;
    gap: 4px;
    margin-block-start: 8px;
  }
  .messages button {
    min-block-size: 44px;
    padding: 8px 16px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    overflow-wrap: anywhere;
    text-align: start;
  }
  /* If the labels do not fit into a narrow card, the buttons are stacked. */
  .answers {
    flex-wrap: wrap;
    gap: 12px;
    margin-block-start: 20px;
  }
  .answers button {
    flex: 1;
    justify-content: center;
    gap: 8px;
    min-block-size: 48px;
    padding: 8px 12px;
    border-radius: var(--_radius-full);
    font-weight: 600;
    line-height: 1.2;
  }
  .answers button:hover {
    filter: brightness(1.08);
  }
  .answers button:active {
    filter: brightness(0.92);
  }
  /* In a low window, where the card is scrolled, the answers stay visible. */
  @media (max-height: 480px) {
    :host([in-layer]) section {
      padding-block: 12px 0;
    }
    :host([in-layer]) .answers {
      position: sticky;
      inset-block-end: 0;
      z-index: 1;
      margin-block-start: 8px;
      padding-block: 4px 12px;
      background: var(--_surface);
    }
    :host([in-layer]) .before {
      padding-block-end: 12px;
    }
    :host([in-layer]) .note {
      margin-block: 0 12px;
    }
  }
  .decline {
    background: var(--_danger);
    color: var(--_on-danger);
  }
  .answers .voice {
    flex-basis: 100%;
    min-block-size: 44px;
    background: var(--_raised);
  }
  .accept {
    background: var(--_accept);
    color: var(--_on-accept);
  }
`;
