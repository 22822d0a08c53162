import type { TemplateResult } from 'lit';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { CallHost } from '../shared/context.js';
import { control } from '../shared/controls.js';
import type { Texts } from '../shared/language.js';
import { Pause } from '../shared/lucide/pause.js';
import { Play } from '../shared/lucide/play.js';
import type { MoreAction } from './more-panel.js';

const isTalking = ({ status }: CallSnapshot): boolean =>
  status === 'active' || status === 'reconnecting';

/** Puts a running call on hold, on pages with call waiting. */
export function holdAction(
  call: CallSnapshot,
  host: CallHost | undefined,
  texts: Texts,
): MoreAction | undefined {
  if (!host?.config()?.callWaiting || call.onHold || !isTalking(call)) return undefined;
  const { service } = host;
  const onPress = (): void => void service.hold().catch((error: unknown) => service.report(error));
  return { label: texts.hold, node: Pause, part: 'hold-button', onPress };
}

/** Continues a call on hold, also if the configuration has changed since. */
export function resumeControl(
  call: CallSnapshot,
  host: CallHost | undefined,
  texts: Texts,
): TemplateResult | undefined {
  if (!host || !call.onHold || !isTalking(call)) return undefined;
  const { service } = host;
  const onPress = (): void =>
    void service.resume().catch((error: unknown) => service.report(error));
  return control('resume-button', texts.resume, Play, onPress, 'active');
}
