import { forwardSlots } from '../shared/forward-slots.js';

/** The parts that are exported through the provider. */
const PARTS =
  'tile, waiting-tile, more-button, verify-button, microphone-button, camera-button, screen-button, screen-pause-button, call-again-button, close-end-button, hold-button, resume-button, hang-up-button';

/**
 * Exports the parts and the slots of a view through the provider. The view does this itself, so that the
 * provider does not need its code.
 */
export function exportThroughProvider(view: HTMLElement): void {
  view.setAttribute('exportparts', PARTS);
  forwardSlots(view, ['invite']);
}
