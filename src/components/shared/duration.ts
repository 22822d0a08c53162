/** Formats a duration like a clock: `0:07`, `12:47`, `1:02:03`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number): string => String(value % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const short = `:${two(seconds)}`;
  return minutes < 60
    ? `${minutes}${short}`
    : `${Math.floor(minutes / 60)}:${two(minutes)}${short}`;
}

/** The duration in ISO 8601 format: `PT767S`. */
export const isoDuration = (ms: number): string => `PT${Math.max(0, Math.floor(ms / 1_000))}S`;
