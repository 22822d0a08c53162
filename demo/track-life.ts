/**
 * Calls `release` once, when the track and all of its clones have been stopped. Calling `stop` dispatches no event, so this
 * function wraps `stop` itself.
 * @returns the same track
 */
export function whenStopped<T extends MediaStreamTrack>(track: T, release: () => void): T {
  let live = 0;
  const watch = <C extends MediaStreamTrack>(watched: C): C => {
    if (watched.readyState === 'ended') return watched;
    live += 1;
    let counted = true;
    const stop = watched.stop.bind(watched);
    const clone = watched.clone.bind(watched);
    watched.stop = () => {
      stop();
      if (!counted) return;
      counted = false;
      live -= 1;
      if (live === 0) release();
    };
    watched.clone = () => watch(clone());
    return watched;
  };
  return watch(track);
}
