import { css } from 'lit';

/** States of members in tiles, and how small tiles show names and states. */
export const tileStateStyles = css`
  .lost > video,
  .paused > video,
  .lost > .avatar {
    opacity: 0.55;
  }
  .state {
    position: absolute;
    inset-inline: 8px;
    inset-block-start: calc(50% + var(--_size, 56px) / 2 + 4px);
    font-size: 12px;
    line-height: 1.3;
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .state .icon {
    display: none;
  }
  .lost .state {
    font-weight: 600;
  }
  :is(.lost, .paused) > video ~ .state {
    inset-block-start: 50%;
    translate: 0 -50%;
    font-size: 14px;
  }
  /* Readable on any picture: one that is dimmed may be white. */
  video ~ .state {
    inline-size: fit-content;
    margin-inline: auto;
    padding: 4px 8px;
    border-radius: var(--_radius-small);
    background: var(--_scrim);
  }
  .waiting {
    border: 1.5px dashed color-mix(in srgb, var(--_on-stage) 32%, transparent);
    background: color-mix(in srgb, var(--_tile) 55%, transparent);
  }
  /* Keeps the text readable on a video. */
  .pair .waiting {
    background: var(--_tile);
  }
  .waiting .avatar {
    opacity: 0.6;
  }
  .waiting .state {
    color: var(--_on-stage-quiet);
  }
  /* The avatar and the state are above the name. */
  @container tile (block-size >= 150px) {
    .tile > .avatar:has(~ .state) {
      translate: 0 -24px;
    }
    .avatar ~ .state {
      inset-block-start: calc(50% + var(--_size) / 2 - 20px);
    }
  }
  /* In low tiles, the avatar and the state are in the middle of the space above the name. */
  @container tile (block-size < 150px) {
    .tag {
      inset-block-end: 4px;
      inset-inline-start: 4px;
      max-inline-size: calc(100% - 8px);
    }
    .tile > .avatar {
      --_size: min(max(36px, 42cqmin), 100cqb - 36px);
      translate: 0 -16px;
    }
    .tile > .avatar:has(~ .state) {
      --_size: 36px;
      translate: 0 -24px;
    }
    .avatar ~ .state {
      inset-block-start: calc(50% - 4px);
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
    :is(.lost, .paused) > video ~ .state {
      inset-block-start: calc(50% - 16px);
    }
  }
  @container tile (inline-size < 130px) {
    .state {
      inset-inline: 4px;
      font-weight: 500;
    }
  }
  /* There is space for an icon, but not for the text. */
  @container tile (block-size < 116px) or (inline-size < 100px) {
    .tile > .avatar:has(~ .state) {
      display: none;
    }
    .tile > .state,
    :is(.lost, .paused) > video ~ .state {
      inset: 0 0 32px;
      translate: none;
      display: grid;
      place-items: center;
      inline-size: auto;
      padding: 0;
      background: none;
    }
    .state .icon {
      display: block;
      inline-size: 28px;
      block-size: 28px;
      padding: 4px;
      border-radius: var(--_radius-full);
      background: var(--_scrim);
    }
    .state span {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  }
`;
