import { initialsOf } from '../src/components/shared/initials.js';
import { hueDegreesOf } from './hue.js';
import type { PictureFormat } from './synthetic-constraints.js';
import { whenStopped } from './track-life.js';

export interface Sitter {
  readonly userID: string;
  readonly userName: string;
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const TURN_MS = 6_000;

/** Creates a canvas. The static background has its own canvas and is painted once. */
function canvas(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  // Firefox needs a context before `captureStream`.
  const context = element.getContext('2d', { alpha: false });
  if (!context) throw new DOMException('There is no canvas to draw on.', 'NotReadableError');
  return [element, context];
}

function paintBackdrop(
  context: CanvasRenderingContext2D,
  { width, height }: PictureFormat,
  hue: number,
): void {
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, `oklch(0.64 0.15 ${hue})`);
  wall.addColorStop(0.5, `oklch(0.45 0.14 ${hue - 30})`);
  wall.addColorStop(1, `oklch(0.24 0.09 ${hue - 60})`);
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  const light = context.createRadialGradient(
    width * 0.42,
    height * 0.2,
    0,
    width * 0.42,
    height * 0.2,
    height * 0.8,
  );
  light.addColorStop(0, `oklch(0.86 0.1 ${hue + 20} / 0.45)`);
  light.addColorStop(1, `oklch(0.86 0.1 ${hue + 20} / 0)`);
  context.fillStyle = light;
  context.fillRect(0, 0, width, height);
}

/**
 * Draws a picture for a user without a camera: initials, name, a clock that shows the delay of the picture, and a
 * moving dot. Everything is centred, so that a tall tile does not cut anything off.
 *
 * @param mark distinguishes two synthetic cameras of one user, in degrees of hue
 */
export function drawPicture(
  { userID, userName }: Sitter,
  format: PictureFormat,
  mark = 0,
): MediaStreamTrack {
  const { width, height, frameRate } = format;
  const hue = (hueDegreesOf(userID) + mark) % 360;
  const [backdrop, backdropContext] = canvas(width, height);
  paintBackdrop(backdropContext, format, hue);
  const [picture, context] = canvas(width, height);
  const unit = Math.min(height, width) / 100;
  const middle = { x: width / 2, y: height * 0.33 };
  const orbit = unit * 15;
  const room = Math.min(width * 0.9, height * 0.5);
  const initials = initialsOf(userName);

  function disc(x: number, y: number, radius: number, colour: string): void {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }

  function line(text: string, y: number, size: number, weight: number, colour: string): void {
    context.font = `${weight} ${size}px ${FONT}`;
    const wide = context.measureText(text).width;
    if (wide > room) context.font = `${weight} ${(size * room) / wide}px ${FONT}`;
    context.fillStyle = colour;
    context.fillText(text, middle.x, y);
  }

  function draw(): void {
    const now = Date.now();
    context.drawImage(backdrop, 0, 0);
    context.textAlign = 'center';
    context.textBaseline = 'middle';

    context.beginPath();
    context.arc(middle.x, middle.y, orbit, 0, 2 * Math.PI);
    context.lineWidth = unit * 0.55;
    context.strokeStyle = 'rgb(255 255 255 / 0.28)';
    context.stroke();
    disc(middle.x, middle.y, unit * 11.8, 'rgb(255 255 255 / 0.16)');
    const turn = ((now % TURN_MS) / TURN_MS) * 2 * Math.PI - Math.PI / 2;
    // Three paler dots show the direction of the movement.
    for (const [lag, alpha] of [
      [0.36, 0.2],
      [0.24, 0.4],
      [0.12, 0.65],
      [0, 1],
    ] as const) {
      const angle = turn - lag;
      const [x, y] = [Math.cos(angle) * orbit, Math.sin(angle) * orbit];
      disc(middle.x + x, middle.y + y, unit * (2 - lag * 1.6), `rgb(255 255 255 / ${alpha})`);
    }

    line(initials, middle.y + unit * 0.7, unit * 10, 650, '#fff');
    line(userName, middle.y + unit * 21, unit * 5.4, 650, '#fff');
    const time = new Date(now).toLocaleTimeString(undefined, { hourCycle: 'h23' });
    line(time, middle.y + unit * 26.5, unit * 3.8, 500, 'rgb(255 255 255 / 0.78)');
  }

  draw();
  const [track] = picture.captureStream(frameRate).getVideoTracks();
  if (!track) throw new DOMException('The canvas gives no picture.', 'NotReadableError');
  // Not `requestAnimationFrame`: it does not run in hidden pages, whose calls continue.
  const timer = setInterval(draw, 1_000 / frameRate);
  return whenStopped(track, () => clearInterval(timer));
}
