import { oneOf } from '../../core/protocol/one-of.js';
import type { CallStatus } from '../../core/protocol/vocabulary.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { PageConfig } from '../../core/service/call-config.js';
import { callKindText } from '../shared/call-text.js';
import { othersOf, presentOf } from '../shared/call-view.js';
import type { CallHost } from '../shared/context.js';
import { isOn } from '../shared/controls.js';
import { CallCancelEvent, CallHangUpEvent } from '../shared/in-call-events.js';
import { listNames, textsFor, type Texts } from '../shared/language.js';
import { CallMediaSession, type SessionActions } from './call-media-session.js';
import { CloseConfirmation } from './close-confirmation.js';
import { PageMarks, type PageMark } from './page-marks.js';
import { ScreenWakeLock } from './screen-wake-lock.js';
import { Vibration } from './vibration.js';

const isOutgoing = oneOf<CallStatus>('calling', 'ringing-out');
const isOngoing = oneOf<CallStatus>('connecting', 'active', 'reconnecting');

/** What a call changes at its page, outside of the elements. */
export interface PageEffects {
  readonly marks: Pick<PageMarks, 'set'>;
  readonly vibration: Pick<Vibration, 'set'>;
  readonly wakeLock: Pick<ScreenWakeLock, 'set'>;
  readonly confirmation: Pick<CloseConfirmation, 'set'>;
  readonly session: (actions: SessionActions) => Pick<CallMediaSession, 'show'>;
}

/** The marks of this document, which all providers share. */
let marks: PageMarks | undefined;

const browserEffects = (): PageEffects => ({
  marks: (marks ??= new PageMarks()),
  vibration: new Vibration(),
  wakeLock: new ScreenWakeLock(),
  confirmation: new CloseConfirmation(),
  session: (actions) => new CallMediaSession(actions),
});

/** Whether a picture is sent or received. */
const hasVideo = ({ members }: CallSnapshot): boolean =>
  members.some(({ camera, screen }) => camera || screen);

/** How a call marks its page; undefined without a call. */
function markOf(call: CallSnapshot, config: PageConfig, texts: Texts): PageMark | undefined {
  const { markTitle = true, markIcon = true } = config;
  const { status } = call;
  if (status === 'incoming') {
    const caller = call.inviter?.userName ?? '';
    const prefix = markTitle ? `🔔 ${texts.isCalling(caller)} – ` : '';
    return { kind: 'ringing', prefix, icon: markIcon };
  }
  if (!isOutgoing(status) && !isOngoing(status)) return undefined;
  return { kind: 'call', prefix: markTitle ? '📞 ' : '', icon: markIcon };
}

/**
 * Connects the calls of a provider with its page: title and icon, vibration, screen wake lock, Media Session, and the
 * confirmation before the page is closed. `config.page` switches each of them off.
 */
export function startCallPage(host: CallHost, effects: PageEffects = browserEffects()): void {
  const { service, element } = host;
  const report = (error: unknown): void => service.report(error);
  const run = (command: Promise<unknown>): void => void command.catch(report);
  const owner = {};

  const hangUp = (): void => {
    const { callID, status } = service.$call.get();
    const outgoing = isOutgoing(status);
    const event = outgoing ? new CallCancelEvent(callID) : new CallHangUpEvent(callID);
    if (element.dispatchEvent(event)) run(outgoing ? service.cancel() : service.hangUp());
  };
  const session = effects.session({
    hangup: hangUp,
    togglemicrophone: () => run(service.setMicrophone(!isOn(service.$localMedia.get().microphone))),
    togglecamera: () => run(service.setCamera(!isOn(service.$localMedia.get().camera))),
  });

  const showSession = (call: CallSnapshot, texts: Texts): void => {
    const members = isOutgoing(call.status) ? othersOf(call) : presentOf(call);
    const { microphone, camera } = service.$localMedia.get();
    session.show({
      title: listNames(
        members.map(({ userName }) => userName),
        texts,
      ),
      artist: callKindText(call, texts),
      microphone: microphone === 'on',
      camera: camera === 'on',
    });
  };

  const update = (): void => {
    const call = service.$call.get();
    const config = host.config()?.page ?? {};
    const { vibrate = true, wakeLock = true, mediaSession = true, confirmClose = true } = config;
    const texts = textsFor(element, host.texts(), { onLoad: update, onFailure: report });
    const runs = isOngoing(call.status);
    const hasSession = mediaSession && (runs || isOutgoing(call.status));
    effects.marks.set(owner, markOf(call, config, texts));
    effects.vibration.set(vibrate && call.status === 'incoming' && !call.silenced);
    effects.wakeLock.set(wakeLock && runs && hasVideo(call));
    effects.confirmation.set(confirmClose && runs);
    if (hasSession) showSession(call, texts);
    else session.show(undefined);
  };

  service.$call.listen(update);
  service.$localMedia.listen(update);
  update();
}
