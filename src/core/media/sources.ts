/** What one member can send, in the order of the media sections in every session description of the kit. */
export const SOURCES = ['microphone', 'camera', 'screen'] as const;
export type Source = (typeof SOURCES)[number];

/** What a member says of itself: which of its sources send at this moment. */
export type SourceFlags = Readonly<Record<Source, boolean>>;
export type SourceTracks = Readonly<Record<Source, MediaStreamTrack | null>>;

/** What a link has to send. The streams hold nothing for it: they name which tracks belong together (lip sync). */
export interface Outgoing {
  readonly tracks: SourceTracks;
  readonly flags: SourceFlags;
  readonly streams: Readonly<Record<'main' | 'screen', MediaStream | undefined>>;
}

export const NOTHING_SENT: SourceFlags = { microphone: false, camera: false, screen: false };

/** Reads flags that came from another device. @returns undefined for anything else */
export function readFlags(value: unknown): SourceFlags | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { microphone, camera, screen } = value as Record<string, unknown>;
  return typeof microphone === 'boolean' &&
    typeof camera === 'boolean' &&
    typeof screen === 'boolean'
    ? { microphone, camera, screen }
    : undefined;
}
