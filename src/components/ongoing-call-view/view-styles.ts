import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { callViewStyles } from '../shared/call-view.styles.js';
import { deviceSelectStyles } from '../shared/device-lists.js';
import { effectSwitchStyles } from '../shared/effect-switches.js';
import { endedCallStyles } from '../shared/ended-call.styles.js';
import { stagePartsStyles } from '../shared/stage-parts.styles.js';
import { minimisedStyles } from './minimised.styles.js';
import { styles } from './ongoing-call-view.styles.js';
import { panelStyles } from './panels.styles.js';
import { selfViewStyles } from './self-view.styles.js';
import { tileStyles } from './tiles.styles.js';
import { verificationStyles } from './verification-panel.styles.js';
import { windowStyles } from './window.styles.js';

/** All styles of the call view; later ones override earlier ones. */
export const viewStyles = [
  baseStyles,
  hueStyles,
  callViewStyles,
  stagePartsStyles,
  tileStyles,
  selfViewStyles,
  styles,
  windowStyles,
  minimisedStyles,
  deviceSelectStyles,
  effectSwitchStyles,
  panelStyles,
  endedCallStyles,
  verificationStyles,
];
