import { css } from 'lit';

export const styles = css`
  .top {
    z-index: 2;
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 68px;
    padding: max(12px, env(safe-area-inset-top)) 12px 12px;
  }
  .who {
    flex: 1;
    display: block;
    min-inline-size: 0;
  }
  .top .name,
  .bar .name {
    display: block;
    font-size: 16px;
    line-height: 1.25;
  }
  .top .status {
    display: flex;
    align-items: center;
    min-block-size: 20px;
    font-size: 14px;
    color: var(--_on-stage);
  }
  .top .status > :not(:empty) {
    margin-inline-end: 8px;
  }
  .status .icon {
    inline-size: 15px;
    block-size: 15px;
  }
  .round {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    background: var(--_glass);
    color: #fff;
  }
  .round:hover,
  .round[aria-expanded='true'] {
    background: #3b4350;
  }
  .bars {
    display: inline-flex;
    align-items: end;
    gap: 2px;
  }
  .bars i {
    inline-size: 4px;
    block-size: 5px;
    border-radius: 1px;
    background: currentColor;
    opacity: 0.35;
  }
  .bars i:nth-child(2) {
    block-size: 9px;
  }
  .bars i:nth-child(3) {
    block-size: 13px;
  }
  .q1 i:nth-child(-n + 1),
  .q2 i:nth-child(-n + 2),
  .q3 i {
    opacity: 1;
  }

  /* Tiles */
  .tile {
    position: relative;
    display: grid;
    place-items: center;
    min-inline-size: 0;
    overflow: hidden;
    border-radius: var(--_tile-radius);
    background: var(--_tile);
  }
  .tag {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-start: 8px;
    display: flex;
    align-items: center;
    gap: 5px;
    max-inline-size: calc(100% - 16px);
    padding: 3px 8px;
    border-radius: 9px;
    background: rgb(0 0 0 / 0.62);
    font-size: 12px;
    font-weight: 550;
  }
  .tag .icon {
    inline-size: 13px;
    block-size: 13px;
  }
  .tag bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tiles {
    grid-area: 2 / 1;
    min-block-size: 0;
  }
  .pair {
    display: flex;
    flex-direction: column;
    align-items: end;
    justify-content: end;
    gap: 8px;
    padding: 8px 14px;
  }
  .pair .main {
    position: absolute;
    inset: 0;
    padding-block-end: 96px;
    border-radius: 0;
    background: none;
  }
  /* The name and the buttons stay readable on any picture. */
  .pair .main:has(video)::after {
    content: '';
    position: absolute;
    inset: 0;
    background:
      linear-gradient(rgb(0 0 0 / 0.62), rgb(0 0 0 / 0.5) 60px, transparent 140px),
      linear-gradient(transparent calc(100% - 150px), rgb(0 0 0 / 0.45));
  }
  .pair .main .tag {
    inset-block: 72px auto;
    inset-inline-start: 14px;
    z-index: 1;
  }
  .pair .main:not(.screen) .tag {
    display: none;
  }
  .screen video {
    object-fit: contain;
  }
  .pair .small {
    --_size: 44px;
    flex: 0 1 138px;
    min-block-size: 96px;
    inline-size: 104px;
    border: 1px solid rgb(255 255 255 / 0.16);
    box-shadow: 0 6px 20px rgb(0 0 0 / 0.4);
  }
  .pair .small .tag {
    inset-block-end: 6px;
    inset-inline-start: 6px;
    max-inline-size: calc(100% - 12px);
    padding: 2px 7px;
    font-size: 11px;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    grid-auto-rows: minmax(96px, 1fr);
    gap: 8px;
    padding-inline: 10px;
    overflow: auto;
  }
  .grid > :first-child:nth-last-child(3) {
    grid-column: 1 / -1;
  }
  @container (inline-size > 560px) {
    .grid.three {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
  .connecting .main .avatar::before {
    content: '';
    position: absolute;
    inset: -7px;
    border: 3px solid transparent;
    border-block-start-color: var(--_accent);
    border-radius: 50%;
  }
  .centre {
    grid-row: 2;
  }
  .reconnecting .main {
    filter: brightness(0.5);
  }

  /* Small */
  :host([minimised]) {
    --_width: 360px;
    block-size: auto;
  }
  @media (max-width: 560px) {
    :host([in-layer][minimised]) {
      inset: auto 12px max(12px, env(safe-area-inset-bottom));
    }
  }
  .bar {
    --_frame: 34px;
    display: flex;
    align-items: center;
    gap: 8px;
    block-size: auto;
    padding: 8px;
  }
  .bar .restore {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 10px;
    min-inline-size: 0;
    min-block-size: 44px;
    padding-inline-end: 6px;
    border-radius: 26px;
    text-align: start;
  }
  .bar .avatar {
    --_size: 42px;
  }
  .bar .face {
    position: static;
    flex: none;
    inline-size: 42px;
    block-size: 42px;
    border-radius: 50%;
  }
  .bar .status {
    font-size: 13px;
  }
  .bar .control {
    inline-size: 44px;
    block-size: 44px;
  }
  .bar .end {
    inline-size: 56px;
    border-radius: 22px;
  }
  .bar .sound {
    min-block-size: 44px;
    border-radius: 22px;
    color: var(--_accent);
    font-size: 13px;
    font-weight: 600;
  }
  /* It takes the place of another stage, and comes in the very moment that matters: it does not slide in. */
  :host([in-layer]) {
    animation: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    .connecting .main .avatar::before {
      /* In steps: while the media connect, the machine has better things to do than to draw sixty frames a second. */
      animation: turn 1s steps(10) infinite;
    }
    @keyframes turn {
      to {
        rotate: 1turn;
      }
    }
  }
  @media (forced-colors: active) {
    .bars i {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
`;
