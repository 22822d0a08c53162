/** The parts that are exported through the provider. */
const PARTS =
  'tile, waiting-tile, more-button, verify-button, microphone-button, camera-button, screen-button, screen-pause-button, call-again-button, hold-button, resume-button, hang-up-button';

/**
 * Exports the parts and the `invite` slot of a view through the provider. The view does this itself, so that the
 * provider does not need its code.
 */
export function exportThroughProvider(view: HTMLElement): void {
  view.setAttribute('exportparts', PARTS);
  if (view.firstElementChild) return;
  const slot = document.createElement('slot');
  slot.name = slot.slot = 'invite';
  view.append(slot);
}
