import { lazyPart } from '../../core/loading/lazy-part.js';

/** The code of `<call-settings>`. */
export const settingsPart = lazyPart(
  'the device settings',
  () => import('../call-settings/call-settings.js'),
  'CallSettings',
);
