import { css } from 'lit';

/** Layout with the members in the centre and the controls at the bottom, for outgoing calls and the minimal view. */
export const centredCallViewStyles = css`
  .centre {
    grid-row: 2;
  }
  .avatars {
    display: flex;
    justify-content: center;
  }
  .avatars .avatar + .avatar {
    margin-inline-start: calc(var(--_size) * -0.3);
    box-shadow: 0 0 0 4px var(--_stage);
  }
  /* The controls have the same position as in the full view. Their space stays when they are removed. */
  .foot {
    display: grid;
    align-content: end;
    min-block-size: 90px;
  }
  @container stage (block-size < 440px) {
    .foot {
      min-block-size: 72px;
    }
  }
  @container stage (block-size < 300px) {
    .foot {
      min-block-size: 56px;
    }
  }
`;
