/** Registers `<call-settings>`, the devices of calls. Does nothing if the tag is already defined. */
import { CallSettings } from '../components/call-settings/call-settings.js';
import { defineOnce } from '../components/shared/define-once.js';

defineOnce('call-settings', CallSettings);

export { CallSettings };
