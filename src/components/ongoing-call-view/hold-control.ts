import { nothing, type TemplateResult } from 'lit';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { CallHost } from '../shared/context.js';
import { control } from '../shared/controls.js';
import type { Texts } from '../shared/language.js';
import { Pause } from '../shared/lucide/pause.js';
import { Play } from '../shared/lucide/play.js';

/** The button that puts a running call on hold, or continues it, on pages with call waiting. */
export function holdControl(
  { status, onHold }: CallSnapshot,
  host: CallHost | undefined,
  texts: Texts,
): TemplateResult | typeof nothing {
  const isTalking = status === 'active' || status === 'reconnecting';
  // The configuration may have changed since: a call on hold can always be continued.
  if (!host || !isTalking || (!onHold && !host.config()?.callWaiting)) return nothing;
  const { service } = host;
  const run = (command: Promise<boolean>): void =>
    void command.catch((error: unknown) => service.report(error));
  return onHold
    ? control('resume-button', texts.resume, Play, () => run(service.resume()), 'off')
    : control('hold-button', texts.hold, Pause, () => run(service.hold()));
}
