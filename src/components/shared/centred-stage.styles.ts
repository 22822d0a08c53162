import { css } from 'lit';

/** A stage with the people in its middle and the controls at its foot: a call that rings out, or is shown in short. */
export const centredStageStyles = css`
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
