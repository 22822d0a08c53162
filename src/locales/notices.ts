/**
 * The texts of notifications. All languages are in one module, because a service worker is one file and may start
 * without a page.
 */
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

const ar: NoticeTexts = {
  lang: 'ar',
  missedCall: 'مكالمة فائتة',
  missedVoiceFrom: (name) => `مكالمة صوتية من ${name}`,
  missedVideoFrom: (name) => `مكالمة فيديو من ${name}`,
  missedGroupFrom: (name) => `مكالمة جماعية من ${name}`,
  isCalling: (name) => `مكالمة واردة من ${name}`,
  voiceCall: 'مكالمة صوتية',
  videoCall: 'مكالمة فيديو',
  groupVoiceCall: 'مكالمة صوتية جماعية',
  groupVideoCall: 'مكالمة فيديو جماعية',
  accept: 'قبول',
  decline: 'رفض',
  callBack: 'معاودة الاتصال',
};

const de: NoticeTexts = {
  lang: 'de',
  missedCall: 'Verpasster Anruf',
  missedVoiceFrom: (name) => `Sprachanruf von ${name}`,
  missedVideoFrom: (name) => `Videoanruf von ${name}`,
  missedGroupFrom: (name) => `Gruppenanruf von ${name}`,
  isCalling: (name) => `${name} ruft an`,
  voiceCall: 'Sprachanruf',
  videoCall: 'Videoanruf',
  groupVoiceCall: 'Gruppenanruf',
  groupVideoCall: 'Gruppen-Videoanruf',
  accept: 'Annehmen',
  decline: 'Ablehnen',
  callBack: 'Zurückrufen',
};

const es: NoticeTexts = {
  lang: 'es',
  missedCall: 'Llamada perdida',
  missedVoiceFrom: (name) => `Llamada de voz de ${name}`,
  missedVideoFrom: (name) => `Videollamada de ${name}`,
  missedGroupFrom: (name) => `Llamada en grupo de ${name}`,
  isCalling: (name) => `Llama ${name}`,
  voiceCall: 'Llamada de voz',
  videoCall: 'Videollamada',
  groupVoiceCall: 'Llamada de voz en grupo',
  groupVideoCall: 'Videollamada en grupo',
  accept: 'Aceptar',
  decline: 'Rechazar',
  callBack: 'Devolver la llamada',
};

const fr: NoticeTexts = {
  lang: 'fr',
  missedCall: 'Appel manqué',
  missedVoiceFrom: (name) => `Appel vocal de ${name}`,
  missedVideoFrom: (name) => `Appel vidéo de ${name}`,
  missedGroupFrom: (name) => `Appel de groupe de ${name}`,
  isCalling: (name) => `${name} vous appelle`,
  voiceCall: 'Appel vocal',
  videoCall: 'Appel vidéo',
  groupVoiceCall: 'Appel vocal de groupe',
  groupVideoCall: 'Appel vidéo de groupe',
  accept: 'Accepter',
  decline: 'Refuser',
  callBack: 'Rappeler',
};

const ja: NoticeTexts = {
  lang: 'ja',
  missedCall: '不在着信',
  missedVoiceFrom: (name) => `${name}さんからの音声通話`,
  missedVideoFrom: (name) => `${name}さんからのビデオ通話`,
  missedGroupFrom: (name) => `${name}さんからのグループ通話`,
  isCalling: (name) => `${name}さんから着信`,
  voiceCall: '音声通話',
  videoCall: 'ビデオ通話',
  groupVoiceCall: 'グループ音声通話',
  groupVideoCall: 'グループビデオ通話',
  accept: '応答',
  decline: '拒否',
  callBack: 'かけ直す',
};

const all: readonly NoticeTexts[] = [en, ar, de, es, fr, ja];

/** @param lang BCP 47 tag. @returns the texts in that language; in English if it is not supported */
export function noticeTexts(lang: string): NoticeTexts {
  const [language] = lang.toLowerCase().split('-', 1);
  return all.find((texts) => texts.lang === language) ?? en;
}
