/*
 * Minimal video elements of a call: the other side fills the window, and the own camera is small in a corner. So all
 * contestants render the same.
 */

function show(stream: MediaStream, place: Partial<CSSStyleDeclaration>): HTMLVideoElement {
  const video = document.createElement('video');
  video.autoplay = true;
  video.playsInline = true;
  Object.assign(video.style, { position: 'fixed', objectFit: 'cover' }, place);
  video.srcObject = stream;
  document.body.append(video);
  return video;
}

/** Shows the remote stream. */
export function showRemote(stream: MediaStream): void {
  show(stream, { inset: '0', width: '100%', height: '100%' });
}

/** Shows the own camera. */
export function showOwn(stream: MediaStream): void {
  const video = show(stream, { right: '16px', bottom: '16px', width: '200px', zIndex: '1' });
  video.muted = true;
}

/** Shows one of several streams, in a row. */
export function showTile(stream: MediaStream, own: boolean): void {
  show(stream, { position: 'static', width: '30%' }).muted = own;
}
