/** What notifications say. All languages in one module: a service worker is one file, and may wake up without a page. */
export interface NoticeTexts {
  /** BCP 47 tag of this language. */
  readonly lang: string;
  readonly missedCall: string;
  readonly missedVoiceFrom: (name: string) => string;
  readonly missedVideoFrom: (name: string) => string;
  readonly missedGroupFrom: (name: string) => string;
  readonly isCalling: (name: string) => string;
  readonly voiceCall: string;
  readonly videoCall: string;
  readonly groupVoiceCall: string;
  readonly groupVideoCall: string;
  readonly accept: string;
  readonly decline: string;
  readonly callBack: string;
}

const en: NoticeTexts = {
  lang: 'en',
  missedCall: 'Missed call',
  missedVoiceFrom: (name) => `Voice call from ${name}`,
  missedVideoFrom: (name) => `Video call from ${name}`,
  missedGroupFrom: (name) => `Group call from ${name}`,
  isCalling: (name) => `${name} is calling`,
  voiceCall: 'Voice call',
  videoCall: 'Video call',
  groupVoiceCall: 'Group voice call',
  groupVideoCall: 'Group video call',
  accept: 'Accept',
  decline: 'Decline',
  callBack: 'Call back',
};

const all: readonly NoticeTexts[] = [en];

/** @param lang BCP 47 tag; a language that the kit does not speak gives English */
export function noticeTexts(lang: string): NoticeTexts {
  const [language] = lang.toLowerCase().split('-', 1);
  return all.find((texts) => texts.lang === language) ?? en;
}
