import type { NotificationText } from '../core/protocol/notices.js';
import type { NoticeTexts } from './notices.js';

/** The fields of a call that the texts of its notification depend on. */
interface NoticeCall {
  readonly caller: { readonly userName: string };
  readonly callType: 'voice' | 'video';
  readonly group: boolean;
}

const language = ({ lang }: NoticeTexts): Pick<NotificationText, 'lang' | 'dir'> => ({
  lang,
  dir: /^(ar|fa|he|ur)/.test(lang) ? 'rtl' : 'ltr',
});

/** @param dialBack whether the notification has a button to call back */
export function missedCallText(
  call: NoticeCall,
  texts: NoticeTexts,
  dialBack: boolean,
): NotificationText {
  const { caller, callType, group } = call;
  const body = group
    ? texts.missedGroupFrom
    : callType === 'video'
      ? texts.missedVideoFrom
      : texts.missedVoiceFrom;
  return {
    ...language(texts),
    title: texts.missedCall,
    body: body(caller.userName),
    actions: dialBack ? [{ action: 'call-back', title: texts.callBack }] : [],
  };
}

/**
 * @param own the caller's texts. A title of the caller does not hide who calls: the name is in front of the message then,
 * isolated from the direction of its surroundings (UAX 9)
 */
export function incomingCallText(
  call: NoticeCall,
  texts: NoticeTexts,
  own: { readonly title?: string; readonly message?: string } = {},
): NotificationText {
  const { caller, callType, group } = call;
  const video = callType === 'video';
  const kind = group
    ? video
      ? texts.groupVideoCall
      : texts.groupVoiceCall
    : video
      ? texts.videoCall
      : texts.voiceCall;
  const { title, message = kind } = own;
  return {
    ...language(texts),
    title: title ?? texts.isCalling(caller.userName),
    body: title === undefined ? message : `\u2068${caller.userName}\u2069: ${message}`,
    actions: [
      { action: 'accept', title: texts.accept },
      { action: 'decline', title: texts.decline },
    ],
  };
}
