/** Registers `<start-call-button>`, the button that starts a call. Does nothing if the tag is already defined. */
import { StartCallButton } from '../components/start-call-button/start-call-button.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('start-call-button', StartCallButton);

export { StartCallButton };
