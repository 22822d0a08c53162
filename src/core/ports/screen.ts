/** What a member shares: a whole screen, the window of a program, or a tab of the browser. */
export const SCREEN_SURFACES = ['monitor', 'window', 'browser'] as const;
export type ScreenSurface = (typeof SCREEN_SURFACES)[number];

/** How a screen is shared. */
export interface ScreenOptions {
  /** Whether the browser offers the user to share sound as well. */
  readonly sound: boolean;
  /** What to keep when the network is slow: readable text (`detail`), or smooth movement (`motion`). */
  readonly contentHint: 'detail' | 'motion';
}

export const DEFAULT_SCREEN_OPTIONS: ScreenOptions = { sound: true, contentHint: 'detail' };

/** A shared screen, as the member who shares it describes it to the others. */
export interface SharedScreen {
  /** Undefined if the browser does not tell. */
  readonly surface: ScreenSurface | undefined;
  /** Whether it has sound, which is sent as part of the member's sound. */
  readonly sound: boolean;
  /** Whether the member has paused it: no picture and no sound of it is sent. */
  readonly paused: boolean;
}
