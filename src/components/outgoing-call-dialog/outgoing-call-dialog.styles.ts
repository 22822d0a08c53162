import { css } from 'lit';

export const styles = css`
  .stage::after {
    content: '';
    position: absolute;
    inset: 0;
    z-index: 1;
  }
  /* Keeps the words readable on any picture. */
  .pictured::after {
    background: rgb(8 10 14 / 0.62);
  }
  .centre,
  .notes {
    z-index: 2;
  }
  .centre {
    grid-row: 2;
  }
  .avatars {
    display: flex;
    justify-content: center;
  }
  .avatars .avatar + .avatar {
    margin-inline-start: -34px;
    box-shadow: 0 0 0 4px var(--_stage);
  }
  /* The controls are where those of the view of the call will be; their room stays when they have gone. */
  .foot {
    display: grid;
    align-content: end;
    min-block-size: 90px;
  }
`;
