import type { SharedScreen } from '../ports/screen.js';

/** The sources that a member can send, in the order of the media sections in every session description. */
export const SOURCES = ['microphone', 'camera', 'screen'] as const;
export type Source = (typeof SOURCES)[number];

/** The flags that a member reports: which of its sources are sending at present. */
export type SourceFlags = Readonly<Record<Source, boolean>>;
export type SourceTracks = Readonly<Record<Source, MediaStreamTrack | null>>;

/** What a link sends. The streams only state which tracks belong together (lip sync). */
export interface Outgoing {
  readonly tracks: SourceTracks;
  readonly flags: SourceFlags;
  readonly streams: Readonly<Record<'main' | 'screen', MediaStream | undefined>>;
  /** The shared screen. While it is paused, it has no track. */
  readonly share?: SharedScreen | undefined;
}

export const NOTHING_SENT: SourceFlags = { microphone: false, camera: false, screen: false };

/** Checks flags from another device. @returns undefined if they are malformed */
export function readFlags(value: unknown): SourceFlags | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { microphone, camera, screen } = value as Record<string, unknown>;
  return typeof microphone === 'boolean' &&
    typeof camera === 'boolean' &&
    typeof screen === 'boolean'
    ? { microphone, camera, screen }
    : undefined;
}
