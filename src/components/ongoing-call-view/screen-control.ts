import { nothing, type TemplateResult } from 'lit';
import { control } from '../shared/controls.js';
import type { Texts } from '../shared/language.js';
import { MonitorUp } from '../shared/lucide/monitor-up.js';

/** False on phones, and on insecure pages, where `navigator.mediaDevices` is undefined. */
const canShareScreen = (): boolean =>
  'getDisplayMedia' in ((navigator.mediaDevices as MediaDevices | undefined) ?? {});

/** The button that shares the screen, in browsers that support it. */
export const screenControl = (
  shares: boolean,
  texts: Texts,
  onPress: () => void,
): TemplateResult | typeof nothing =>
  canShareScreen()
    ? control(
        'screen-button',
        shares ? texts.stopSharing : texts.shareScreen,
        MonitorUp,
        onPress,
        shares ? 'off' : '',
      )
    : nothing;
