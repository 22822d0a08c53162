import { css } from 'lit';

/**
 * Tokens and styles of every element. The dark call views have more tokens in `call-view.styles.ts`. The public
 * tokens are `--call-*`, inherited from the page. Each has a default for light and dark mode, selected by the
 * `color-scheme` of the page. The elements use the private tokens `--_*`.
 */
export const baseStyles = css`
  :host {
    --_surface: var(--call-surface, light-dark(#fff, #1c1f26));
    --_raised: var(--call-surface-raised, light-dark(#eef1f6, #2a2f39));
    --_text: var(--call-text, light-dark(#12161f, #f2f4f8));
    --_quiet: var(--call-text-quiet, light-dark(#566072, #a7b0c0));
    --_line: var(--call-line, light-dark(#e3e7ee, #363c48));
    --_accept: var(--call-accept, light-dark(#0b8040, #2bb463));
    --_on-accept: var(--call-on-accept, light-dark(#fff, #03180a));
    --_danger: var(--call-danger, #d92b3f);
    --_on-danger: var(--call-on-danger, #fff);
    --_accent: var(--call-accent, light-dark(#2458e6, #8cadff));
    --_focus-inner: var(--call-focus-inner, light-dark(#fff, #0b0e13));
    --_focus-outer: var(--call-focus-outer, light-dark(#2458e6, #fff));
    --_danger-text: light-dark(
      color-mix(in oklab, var(--_danger) 90%, black),
      color-mix(in oklab, var(--_danger) 55%, white)
    );
    --_radius-small: var(--call-radius-small, 8px);
    --_radius-medium: var(--call-radius-medium, 16px);
    --_radius: var(--call-radius, 24px);
    --_radius-full: var(--call-radius-full, 999px);
    --_shadow: var(
      --call-shadow,
      0 1px 2px rgb(10 15 30 / 0.1),
      0 4px 12px rgb(10 15 30 / 0.08),
      0 16px 48px rgb(10 15 30 / 0.22)
    );
    display: block;
    color: var(--_text);
    font: 400 16px/1.4
      var(--call-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
    letter-spacing: normal;
    text-align: start;
    -webkit-tap-highlight-color: transparent;
  }
  :host(:not(:state(open))) {
    display: none;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
    margin: 0;
  }
  button {
    border: 1px solid transparent;
    padding: 0;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
    touch-action: manipulation;
  }
  /* Two rings, of which one contrasts with any background, also with a video. */
  :focus-visible {
    outline: 2px solid var(--_focus-outer);
    outline-offset: 2px;
    box-shadow: 0 0 0 2px var(--_focus-inner);
  }
  .icon {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .filled {
    fill: currentColor;
    stroke: none;
  }
  .down {
    rotate: 135deg;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .avatar {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    inline-size: var(--_size, 56px);
    aspect-ratio: 1;
    border-radius: var(--_radius-full);
    /* A colour for each user. */
    background: linear-gradient(
      140deg,
      oklch(0.53 0.13 var(--_hue)),
      oklch(0.4 0.12 calc(var(--_hue) + 35))
    );
    color: white; /* unlike a token, it contrasts with each of these colours */
    font-size: calc(var(--_size, 56px) * 0.36); /* in proportion to the avatar */
    font-weight: 650;
    line-height: 1;
    white-space: nowrap;
    user-select: none;
  }
  .avatar img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    border-radius: var(--_radius-full);
    object-fit: cover;
  }
  .avatar img[hidden] {
    display: none;
  }
  .rings::before,
  .rings::after {
    content: '';
    position: absolute;
    inset: -8px;
    border: 2px solid var(--_accept);
    border-radius: var(--_radius-full);
    opacity: 0.6;
  }
  .rings::after {
    opacity: 0;
  }
  /* As wide as the text, so that each name has its own text direction and all names start at the same edge. */
  .name {
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow: hidden;
    font-size: 20px;
    font-weight: 650;
    line-height: 1.3;
    /* At the edge of the text around it, also if it has the other direction and several lines. */
    text-align: -webkit-match-parent;
    text-align: match-parent;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: no-preference) {
    :host([in-layer]) {
      animation: enter 0.28s cubic-bezier(0.2, 0.8, 0.2, 1);
    }
    @keyframes enter {
      from {
        opacity: 0;
        translate: 0 var(--_from, 24px);
      }
    }
    .rings::before,
    .rings::after {
      animation: ring 2.4s cubic-bezier(0.2, 0.6, 0.4, 1) infinite;
    }
    .rings::after {
      animation-delay: 1.2s;
    }
    @keyframes ring {
      from {
        transform: scale(0.9);
        opacity: 0.8;
      }
      to {
        transform: scale(1.22);
        opacity: 0;
      }
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :host([in-layer]) {
      animation: fade 0.22s;
    }
    @keyframes fade {
      from {
        opacity: 0;
      }
    }
  }
  @media (forced-colors: active) {
    .avatar {
      border: 1px solid;
    }
  }
`;
