import { sendMouse } from '@web/test-runner-commands';

/** Presses the mouse in the middle of an element and moves it by a distance in CSS pixels. The button stays pressed. */
export async function drag(from: Element, x: number, y: number): Promise<void> {
  const { left, top, width, height } = from.getBoundingClientRect();
  const start: [number, number] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  await sendMouse({ type: 'move', position: start });
  await sendMouse({ type: 'down' });
  await sendMouse({ type: 'move', position: [start[0] + x / 2, start[1] + y / 2] });
  await sendMouse({ type: 'move', position: [start[0] + x, start[1] + y] });
}

/** Drags an element by a distance in CSS pixels, and drops it. */
export async function dragAndDrop(from: Element, x: number, y: number): Promise<void> {
  await drag(from, x, y);
  await sendMouse({ type: 'up' });
}
