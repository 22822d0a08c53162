/** Registers `<start-call-button>`: the button that sends an invitation. A tag that is taken stays as it is. */
import { StartCallButton } from '../components/start-call-button/start-call-button.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('start-call-button', StartCallButton);

export { StartCallButton };
