import type { DeviceProblem, Texts } from './en.js';

const because: Record<DeviceProblem, string> = {
  blocked: 'المتصفح يمنع الوصول',
  missing: 'لم يُعثر على جهاز',
  busy: 'تطبيق آخر يستخدم الجهاز',
  insecure: 'متاح في الصفحات الآمنة (https) فقط',
};

/** Arabic has six plural forms (CLDR). */
function others(count: number): string {
  switch (new Intl.PluralRules('ar').select(count)) {
    case 'one':
      return 'شخص آخر';
    case 'two':
      return 'شخصان آخران';
    case 'few':
      return `${count} أشخاص آخرين`;
    default:
      return `${count} شخصًا آخر`;
  }
}

function newMissed(count: number): string {
  switch (new Intl.PluralRules('ar').select(count)) {
    case 'one':
      return 'مكالمة فائتة جديدة';
    case 'two':
      return 'مكالمتان فائتتان جديدتان';
    case 'few':
      return `${count} مكالمات فائتة جديدة`;
    default:
      return `${count} مكالمة فائتة جديدة`;
  }
}

export const ar: Texts = {
  lang: 'ar',
  voiceCall: 'مكالمة صوتية',
  videoCall: 'مكالمة فيديو',
  groupVoiceCall: 'مكالمة صوتية جماعية',
  groupVideoCall: 'مكالمة فيديو جماعية',
  withOthers: (names) => `مع ${names}`,
  more: others,
  isCalling: (name) => `مكالمة واردة من ${name}`,
  accept: 'قبول',
  decline: 'رفض',
  soundBlocked: 'الصوت محظور هنا',
  ringAloud: 'تشغيل الرنين',
  call: 'اتصال',
  unsupportedHere: 'هذا المتصفح لا يدعم المكالمات',
  notConnected: 'لا يوجد اتصال. حاول مرة أخرى بعد لحظات',
  callFailed: 'تعذّر إجراء المكالمة',
  missedCall: 'مكالمة فائتة',
  callEnded: 'انتهت المكالمة',
  declined: 'رُفضت المكالمة',
  busy: 'مشغول',
  noAnswer: 'لا يوجد رد',
  unreachable: 'تعذّر الوصول',
  unsupported: 'متصفح الطرف الآخر لا يستقبل المكالمات',
  answeredElsewhere: 'جرى الرد على جهاز آخر',
  declinedElsewhere: 'رُفضت على جهاز آخر',
  connectionLost: 'انقطع الاتصال',
  mediaFailed: 'تعذّر إنشاء الاتصال',
  calling: 'جارٍ الاتصال…',
  ringing: 'يرنّ الآن…',
  connecting: 'جارٍ التوصيل…',
  reconnecting: 'جارٍ إعادة التوصيل…',
  notReached: (names) => `تعذّر الوصول حتى الآن إلى: ${names}`,
  cancel: 'إلغاء',
  hangUp: 'إنهاء المكالمة',
  callWith: (names) => `مكالمة مع ${names}`,
  you: 'أنت',
  muteMicrophone: 'كتم الميكروفون',
  unmuteMicrophone: 'تشغيل الميكروفون',
  turnCameraOn: 'تشغيل الكاميرا',
  turnCameraOff: 'إيقاف الكاميرا',
  shareScreen: 'مشاركة الشاشة',
  stopSharing: 'إيقاف المشاركة',
  sharesScreen: (name) => `يعرض ${name} الشاشة`,
  youShareScreen: 'أنت تشارك شاشتك',
  microphoneOff: 'الميكروفون متوقف',
  devices: 'الأجهزة',
  microphone: 'الميكروفون',
  camera: 'الكاميرا',
  speaker: 'مكبر الصوت',
  defaultDevice: 'الافتراضي',
  device: (number) => `جهاز ${number}`,
  minimise: 'تصغير',
  restore: 'العودة إلى المكالمة',
  moveBar: 'تحريك',
  moveBarHint: 'اسحب أو اضغط أو استخدم مفاتيح الأسهم',
  fullScreen: 'ملء الشاشة',
  exitFullScreen: 'إنهاء وضع ملء الشاشة',
  smallWindow: 'العرض في نافذة صغيرة',
  closeSmallWindow: 'إغلاق النافذة الصغيرة',
  duration: 'المدة',
  quality: (level) => `جودة الاتصال: ${['منعدمة', 'ضعيفة', 'متوسطة', 'جيدة'][level] ?? ''}`,
  noMicrophone: (why) => `لا ميكروفون (${because[why]}): لا أحد يسمعك`,
  noCamera: (why) => `لا كاميرا (${because[why]}): صوتك مسموع لكن صورتك لا تظهر`,
  noDevices: (why) => `لا ميكروفون ولا كاميرا (${because[why]}): لا أحد يسمعك أو يراك`,
  playbackBlocked: 'المتصفح يمنع الصوت',
  turnSoundOn: 'تشغيل الصوت',
  viewIncomplete: 'تعذّر تحميل العرض الكامل للمكالمة',
  enlarge: (name) => `تكبير: ${name}`,
  cancelInvitation: (name) => `إلغاء الدعوة: ${name}`,
  invite: 'دعوة',
  inviteToCall: 'دعوة إلى المكالمة',
  inCall: 'في المكالمة',
  nobodyToInvite: 'لا أحد لدعوته',
  tooManyMembers: (most) => `الحد الأقصى للمشاركين في المكالمة: ${most}`,
  mayNotInvite: 'لا يُسمح لك بدعوة أحد إلى هذه المكالمة',
  alreadyInvited: 'هم في المكالمة بالفعل أو يجري الاتصال بهم',
  inviteFailed: 'تعذّر إرسال الدعوة',
  missedCalls: 'المكالمات الفائتة',
  newMissedCalls: newMissed,
  noMissedCalls: 'لا توجد مكالمات فائتة',
  unseen: 'جديدة',
  callBack: (name) => `معاودة الاتصال: ${name}`,
  joinGroupCall: (name) => `الانضمام إلى المكالمة الجماعية: ${name}`,
  dismiss: (name) => `إزالة: ${name}`,
  dismissAll: 'إزالة الكل',
  wasBusy: 'كنت في مكالمة',
  wasCanceled: 'أُلغيت',
  afterThisCall: 'يمكنك معاودة الاتصال بعد هذه المكالمة',
  connectionRefused: 'رُفض الاتصال بالخادم',
  notificationsHint: 'اعرف فورًا عندما تفوتك مكالمة',
  turnOnNotifications: 'تفعيل الإشعارات',
  offerNotifications: 'هل تريد تفعيل الإشعارات؟',
  offerReason: 'سترى المكالمات الفائتة حتى عندما لا تنظر إلى هذه الصفحة.',
  turnOn: 'تفعيل',
  notNow: 'ليس الآن',
};
