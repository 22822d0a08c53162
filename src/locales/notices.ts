import { includedLanguage, type IncludedLanguage } from './included-language.js';

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

const pt: NoticeTexts = {
  lang: 'pt',
  missedCall: 'Chamada perdida',
  missedVoiceFrom: (name) => `Chamada de voz de ${name}`,
  missedVideoFrom: (name) => `Chamada de vídeo de ${name}`,
  missedGroupFrom: (name) => `Chamada em grupo de ${name}`,
  isCalling: (name) => `${name} está ligando`,
  voiceCall: 'Chamada de voz',
  videoCall: 'Chamada de vídeo',
  groupVoiceCall: 'Chamada de voz em grupo',
  groupVideoCall: 'Chamada de vídeo em grupo',
  accept: 'Atender',
  decline: 'Recusar',
  callBack: 'Ligar de volta',
};

const it: NoticeTexts = {
  lang: 'it',
  missedCall: 'Chiamata persa',
  missedVoiceFrom: (name) => `Chiamata vocale da ${name}`,
  missedVideoFrom: (name) => `Videochiamata da ${name}`,
  missedGroupFrom: (name) => `Chiamata di gruppo da ${name}`,
  isCalling: (name) => `${name} ti sta chiamando`,
  voiceCall: 'Chiamata vocale',
  videoCall: 'Videochiamata',
  groupVoiceCall: 'Chiamata vocale di gruppo',
  groupVideoCall: 'Videochiamata di gruppo',
  accept: 'Rispondi',
  decline: 'Rifiuta',
  callBack: 'Richiama',
};

const nl: NoticeTexts = {
  lang: 'nl',
  missedCall: 'Gemiste oproep',
  missedVoiceFrom: (name) => `Spraakoproep van ${name}`,
  missedVideoFrom: (name) => `Video-oproep van ${name}`,
  missedGroupFrom: (name) => `Groepsoproep van ${name}`,
  isCalling: (name) => `${name} belt je`,
  voiceCall: 'Spraakoproep',
  videoCall: 'Video-oproep',
  groupVoiceCall: 'Groepsoproep',
  groupVideoCall: 'Groepsvideo-oproep',
  accept: 'Opnemen',
  decline: 'Weigeren',
  callBack: 'Terugbellen',
};

const pl: NoticeTexts = {
  lang: 'pl',
  missedCall: 'Nieodebrane połączenie',
  missedVoiceFrom: (name) => `Połączenie głosowe: ${name}`,
  missedVideoFrom: (name) => `Połączenie wideo: ${name}`,
  missedGroupFrom: (name) => `Połączenie grupowe: ${name}`,
  isCalling: (name) => `Dzwoni ${name}`,
  voiceCall: 'Połączenie głosowe',
  videoCall: 'Połączenie wideo',
  groupVoiceCall: 'Grupowe połączenie głosowe',
  groupVideoCall: 'Grupowe połączenie wideo',
  accept: 'Odbierz',
  decline: 'Odrzuć',
  callBack: 'Oddzwoń',
};

const tr: NoticeTexts = {
  lang: 'tr',
  missedCall: 'Cevapsız arama',
  missedVoiceFrom: (name) => `Sesli arama: ${name}`,
  missedVideoFrom: (name) => `Görüntülü arama: ${name}`,
  missedGroupFrom: (name) => `Grup araması: ${name}`,
  isCalling: (name) => `${name} arıyor`,
  voiceCall: 'Sesli arama',
  videoCall: 'Görüntülü arama',
  groupVoiceCall: 'Grup sesli araması',
  groupVideoCall: 'Grup görüntülü araması',
  accept: 'Yanıtla',
  decline: 'Reddet',
  callBack: 'Geri ara',
};

const uk: NoticeTexts = {
  lang: 'uk',
  missedCall: 'Пропущений виклик',
  missedVoiceFrom: (name) => `Голосовий виклик: ${name}`,
  missedVideoFrom: (name) => `Відеовиклик: ${name}`,
  missedGroupFrom: (name) => `Груповий виклик: ${name}`,
  isCalling: (name) => `Телефонує ${name}`,
  voiceCall: 'Голосовий виклик',
  videoCall: 'Відеовиклик',
  groupVoiceCall: 'Груповий голосовий виклик',
  groupVideoCall: 'Груповий відеовиклик',
  accept: 'Прийняти',
  decline: 'Відхилити',
  callBack: 'Передзвонити',
};

const hi: NoticeTexts = {
  lang: 'hi',
  missedCall: 'मिस्ड कॉल',
  missedVoiceFrom: (name) => `${name} का वॉइस कॉल`,
  missedVideoFrom: (name) => `${name} का वीडियो कॉल`,
  missedGroupFrom: (name) => `${name} का ग्रुप कॉल`,
  isCalling: (name) => `${name} का कॉल आ रहा है`,
  voiceCall: 'वॉइस कॉल',
  videoCall: 'वीडियो कॉल',
  groupVoiceCall: 'ग्रुप वॉइस कॉल',
  groupVideoCall: 'ग्रुप वीडियो कॉल',
  accept: 'उठाएँ',
  decline: 'काटें',
  callBack: 'वापस कॉल करें',
};

const zh: NoticeTexts = {
  lang: 'zh',
  missedCall: '未接来电',
  missedVoiceFrom: (name) => `${name}的语音通话`,
  missedVideoFrom: (name) => `${name}的视频通话`,
  missedGroupFrom: (name) => `${name}的群组通话`,
  isCalling: (name) => `${name}来电`,
  voiceCall: '语音通话',
  videoCall: '视频通话',
  groupVoiceCall: '群组语音通话',
  groupVideoCall: '群组视频通话',
  accept: '接听',
  decline: '拒绝',
  callBack: '回拨',
};

const ko: NoticeTexts = {
  lang: 'ko',
  missedCall: '부재중 전화',
  missedVoiceFrom: (name) => `${name} 님의 음성 통화`,
  missedVideoFrom: (name) => `${name} 님의 영상 통화`,
  missedGroupFrom: (name) => `${name} 님의 그룹 통화`,
  isCalling: (name) => `${name} 님의 전화`,
  voiceCall: '음성 통화',
  videoCall: '영상 통화',
  groupVoiceCall: '그룹 음성 통화',
  groupVideoCall: '그룹 영상 통화',
  accept: '받기',
  decline: '거절',
  callBack: '다시 전화하기',
};

const all: Readonly<Record<IncludedLanguage, NoticeTexts>> = {
  ...{ ar, de, en, es, fr, hi, it, ja },
  ...{ ko, nl, pl, pt, tr, uk, zh },
};

/** @param lang BCP 47 tag. @returns the texts in that language; in English if it is not included */
export const noticeTexts = (lang: string): NoticeTexts => all[includedLanguage(lang) ?? 'en'];
