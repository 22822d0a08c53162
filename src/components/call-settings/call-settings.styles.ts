import { css } from 'lit';

export const styles = css`
  :host([in-layer]) {
    position: fixed;
    inset-block-start: 20px;
    inset-inline: 0;
    margin-inline: auto;
    inline-size: min(420px, 100dvi - 24px);
    max-block-size: calc(100dvb - 40px);
    overflow: auto;
    border-radius: var(--_radius);
    box-shadow: var(--_shadow);
  }
  section {
    display: grid;
    gap: 16px;
    max-inline-size: 480px;
    padding: 20px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
  h2 {
    font-size: 20px;
    font-weight: 650;
    /* The focus ring does not touch the letters. */
    margin: -4px -8px;
    padding: 4px 8px;
    border-radius: var(--_radius-small);
  }
  .picture {
    position: relative;
    display: grid;
    place-items: center;
    aspect-ratio: 16 / 9;
    overflow: hidden;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
  }
  .picture svg {
    inline-size: 32px;
    block-size: 32px;
    color: var(--_quiet);
  }
  .picture video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .mirrored {
    scale: -1 1;
  }
  .group {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
  }
  .action {
    justify-self: start;
    min-block-size: 44px;
    padding-inline: 16px;
    border-radius: var(--_radius-medium);
    background: var(--_raised);
    color: var(--_accent);
    font-weight: 600;
  }
  .close {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: var(--_radius-full);
  }
  .meter {
    block-size: 8px;
    overflow: hidden;
    border-radius: var(--_radius-small);
    background: var(--_raised);
  }
  .meter i {
    display: block;
    block-size: 100%;
    inline-size: calc(var(--_level, 0) * 100%);
    background: var(--_accept);
  }
  .notes {
    display: grid;
    gap: 16px;
  }
  /* The live region exists before its first text, and takes no space until then. */
  .notes:not(:has(.note)) {
    position: absolute;
  }
  .note {
    display: grid;
    gap: 8px;
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  .note button {
    justify-self: start;
    min-block-size: 44px;
    color: var(--_accent);
    font-weight: 600;
  }
  .quiet {
    font-size: 14px;
    color: var(--_quiet);
  }
  @media (forced-colors: active) {
    .meter {
      border: 1px solid;
    }
    .meter i {
      forced-color-adjust: none;
      background: Highlight;
    }
  }
`;
