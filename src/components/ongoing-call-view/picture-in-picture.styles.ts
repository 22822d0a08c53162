import { css } from 'lit';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { callViewStyles } from '../shared/call-view.styles.js';
import { stagePartsStyles } from '../shared/stage-parts.styles.js';
import { tileStyles } from './tiles.styles.js';

const windowStyles = css`
  :host {
    display: block !important;
    block-size: 100dvb;
    background: var(--_stage);
  }
  .window {
    container: window / size;
    display: grid;
    grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    block-size: 100%;
  }
  .pictures {
    display: grid;
    grid-auto-rows: minmax(0, 1fr);
    gap: 4px;
    padding: 4px;
    min-block-size: 0;
  }
  .pictures .tile {
    --_size: clamp(32px, 42cqmin, 96px);
    container: tile / size;
    border-radius: var(--_radius-small);
  }
  .two,
  .three {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .three .tile:first-child {
    grid-row: span 2;
  }
  .four {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  @container window (max-aspect-ratio: 1 / 1) {
    .two {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  .window .tag {
    inset-block-end: 4px;
    inset-inline-start: 4px;
    max-inline-size: calc(100% - 8px);
  }
  .about {
    position: absolute;
    inset-block-start: 8px;
    inset-inline: 8px;
    display: flex;
    pointer-events: none;
  }
  .about > :not(:empty) {
    overflow: hidden;
    padding: 4px 8px;
    border-radius: var(--_radius-small);
    background: var(--_scrim);
    color: var(--_on-stage);
    font-size: 12px;
    font-weight: 550;
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* At the other end, so that each lies on one picture. */
  .about > .more {
    max-inline-size: calc(50% - 4px);
    margin-inline-start: auto;
  }
  /* Between the time above and the name below. */
  @container tile (block-size < 150px) {
    .pictures .avatar {
      --_size: clamp(28px, 100cqb - 60px, 48px);
      translate: none;
    }
  }
  @container tile (block-size < 92px) {
    .pictures .avatar {
      translate: 0 -12px;
    }
  }
  /* They would cover avatars. */
  @container window (inline-size < 280px) and (block-size < 260px) {
    .about :has(> time),
    .about > .more {
      display: none;
    }
  }
  .window .controls {
    --_control: 44px;
    --_end: 56px;
    gap: 8px;
    padding: 8px 8px 8px;
  }
  .window .control.end {
    border-radius: var(--_radius-full);
  }
  /* In a very low window, the controls lie on the pictures. */
  @container window (block-size < 170px) {
    .pictures,
    .window .controls {
      grid-area: 1 / 1 / -1 / -1;
    }
    .window .controls {
      z-index: 1;
      align-self: end;
    }
    .window .tag {
      display: none;
    }
  }
`;

/** CSS of the small window of a call. */
export const smallWindowCSS = [
  ...[baseStyles, hueStyles, callViewStyles, stagePartsStyles, tileStyles],
  windowStyles,
]
  .map(({ cssText }) => cssText)
  .join('');
