import type { Page } from '@playwright/test';

/** Records every audio player that the page starts. Inserted into the page as text. */
export function recordPlayers(): void {
  const players: HTMLMediaElement[] = [];
  Object.assign(window, { players });
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    players.push(this);
    return play.call(this);
  };
}

/** Speakers that play the sound of other users: of running players with a live audio track. */
export const playingOn = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    (window as unknown as { players: HTMLMediaElement[] }).players
      .filter(
        ({ paused, currentTime, srcObject }) =>
          !paused &&
          currentTime > 0 &&
          (srcObject as MediaStream | null)
            ?.getAudioTracks()
            .some(({ readyState }) => readyState === 'live'),
      )
      .map(({ sinkId }) => sinkId),
  );

/** Whether the sound of other users is played. */
export const playsSound = async (page: Page): Promise<boolean> =>
  (await playingOn(page)).length > 0;
