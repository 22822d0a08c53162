import type { Page } from '@playwright/test';

/** Notes every player of sound that the page starts: handed to the page as text. */
export function notePlayers(): void {
  const players: HTMLMediaElement[] = [];
  Object.assign(window, { players });
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    players.push(this);
    return play.call(this);
  };
}

/** Speakers on which the sound of somebody else plays: of players that go on, with a live sound track. */
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

/** Whether the sound of somebody else plays. */
export const hears = async (page: Page): Promise<boolean> => (await playingOn(page)).length > 0;
