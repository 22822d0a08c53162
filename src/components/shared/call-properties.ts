import { baseStyles } from './base.styles.js';
import { callViewStyles } from './call-view.styles.js';

/** Names of the custom properties of the page that style the elements. Other documents and layers do not inherit them. */
export const callProperties: readonly string[] = [
  ...new Set((baseStyles.cssText + callViewStyles.cssText).match(/--call-[\w-]+/g)),
];
