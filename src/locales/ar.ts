import type { BrowserKind, DeviceProblem, Texts } from './en.js';

const because: Record<DeviceProblem, string> = {
  denied: 'الوصول غير مسموح',
  dismissed: 'لم يُسمح بالوصول بعد',
  system: 'النظام لا يسمح بالوصول',
  policy: 'غير مسموح في هذه الصفحة',
  insecure: 'متاح في الصفحات الآمنة (https) فقط',
  missing: 'لم يُعثر على جهاز',
  busy: 'تطبيق آخر يستخدم الجهاز',
  failed: 'تعذّر فتح الجهاز',
};

const allow: Record<BrowserKind, string> = {
  chromium: 'انقر الأيقونة بجانب العنوان واسمح بالوصول ثم أعد المحاولة',
  firefox: 'انقر الأيقونة المشطوبة في شريط العنوان وأزل الحظر ثم أعد المحاولة',
  safari: 'اختر Safari › إعدادات هذا الموقع واسمح بالوصول ثم أعد المحاولة',
  ios: 'اضغط قائمة الصفحة بجانب العنوان ثم إعدادات موقع الويب واسمح بالوصول ثم أعد المحاولة',
  android: 'اضغط الأيقونة بجانب العنوان ثم الأذونات واسمح بالوصول ثم أعد المحاولة',
  other: 'اسمح بالوصول في إعدادات المتصفح لهذه الصفحة ثم أعد المحاولة',
};

const advice: Record<Exclude<DeviceProblem, 'denied'>, string> = {
  dismissed: 'أعد المحاولة واختر «سماح» عندما يسأل المتصفح',
  system: 'اسمح لهذا المتصفح بالوصول في إعدادات الخصوصية في النظام ثم أعد المحاولة',
  policy: 'الصفحة المحيطة لا تسمح بذلك. افتح المكالمة في علامة تبويب مستقلة',
  insecure: 'افتح هذه الصفحة عبر https',
  missing: 'صِل جهازًا أو تحقق من الكابل والمفتاح',
  busy: 'أغلق التطبيق أو علامة التبويب التي تستخدمه ثم أعد المحاولة',
  failed: 'أعد توصيل الجهاز أو أعد تشغيل المتصفح',
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

function deletedCalls(count: number): string {
  switch (new Intl.PluralRules('ar').select(count)) {
    case 'one':
      return 'حُذفت المكالمة';
    case 'two':
      return 'حُذفت مكالمتان';
    case 'few':
      return `حُذفت ${count} مكالمات`;
    default:
      return `حُذفت ${count} مكالمة`;
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
  acceptVoice: 'الصوت فقط',
  silence: 'كتم الرنين',
  previewCamera: 'معاينة الكاميرا',
  closePreview: 'إغلاق المعاينة',
  declineWithMessage: 'رفض مع رسالة',
  declineMessages: ['سأعاود الاتصال بك', 'أنا في اجتماع', 'لا أستطيع التحدث الآن، راسلني من فضلك'],
  soundBlocked: 'الصوت محظور',
  ringAloud: 'تشغيل الرنين',
  call: 'اتصال',
  unsupportedHere: 'هذا المتصفح لا يدعم المكالمات',
  notConnected: 'لا يوجد اتصال. حاول مرة أخرى بعد لحظات',
  callFailed: 'تعذّر إجراء المكالمة',
  missedCall: 'مكالمة فائتة',
  callEnded: 'انتهت المكالمة',
  declined: 'رُفضت المكالمة',
  busy: 'في مكالمة أخرى',
  noAnswer: 'لا يوجد رد',
  unreachable: 'تعذّر الوصول',
  unsupported: 'متصفح الطرف الآخر لا يستقبل المكالمات',
  answeredElsewhere: 'جرى الرد على جهاز آخر',
  declinedElsewhere: 'رُفضت على جهاز آخر',
  connectionLost: 'انقطع الاتصال',
  mediaFailed: 'تعذّر الاتصال',
  calling: 'جارٍ الاتصال…',
  ringing: 'يرنّ الآن…',
  connecting: 'جارٍ التوصيل…',
  reconnecting: 'جارٍ إعادة التوصيل…',
  yourConnectionLost: 'انقطع اتصالك. جارٍ إعادة التوصيل…',
  theirConnectionLost: (names) => `انقطع الاتصال لدى ${names}. جارٍ إعادة التوصيل…`,
  yourConnectionPoor: 'اتصالك ضعيف',
  theirConnectionPoor: (names) => `الاتصال لدى ${names} ضعيف`,
  redial: 'الاتصال مرة أخرى',
  picturePaused: 'أُوقفت الصورة مؤقتًا ليبقى الصوت واضحًا',
  picturePausedFor: (names) => `أُوقفت الصورة مؤقتًا لدى ${names} ليبقى الصوت واضحًا`,
  notReached: (names) => `ما زلنا نحاول الوصول إلى ${names}`,
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
  sharesScreen: (name) => `يشارك ${name} الشاشة الآن`,
  youShareScreen: 'أنت تشارك شاشتك',
  youShareWindow: 'أنت تشارك نافذة',
  youShareTab: 'أنت تشارك علامة تبويب في المتصفح',
  withSound: 'مع الصوت',
  pauseSharing: 'إيقاف المشاركة مؤقتًا',
  continueSharing: 'متابعة المشاركة',
  sharingPaused: 'المشاركة متوقفة مؤقتًا: يرى الآخرون آخر صورة',
  screenPaused: (name) => `عرض الشاشة من ${name} متوقف مؤقتًا`,
  microphoneOff: 'الميكروفون متوقف',
  devices: 'إعدادات الصوت والفيديو',
  microphone: 'الميكروفون',
  camera: 'الكاميرا',
  speaker: 'مكبر الصوت',
  defaultDevice: 'الافتراضي',
  device: (number) => `جهاز ${number}`,
  // Verification of a connection by emoji
  verify: 'التحقق من الخصوصية',
  verifyHint:
    'ليقرأ كل منكما هذه الرموز للآخر بهذا الترتيب. إذا كانت متطابقة لديكما، فلا أحد يتنصّت.',
  verificationPending: 'ستظهر الرموز بعد لحظات.',
  verificationUnavailable: 'لا يمكن التحقق من هذا الاتصال. ربما يستخدم الطرف الآخر إصدارًا أقدم.',
  verificationFailed: (name) =>
    `أُغلق الاتصال مع ${name}: مفاتيح تشفيره غير متطابقة، وربما يحاول أحدهم التنصّت.`,
  emojiNames: [],
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
  microphoneProblem: (why) => `لا ميكروفون (${because[why]})`,
  cameraProblem: (why) => `لا كاميرا (${because[why]})`,
  noMicrophone: (why) => `لا ميكروفون (${because[why]}): لا أحد يسمعك`,
  noCamera: (why) => `لا كاميرا (${because[why]}): صوتك مسموع لكن صورتك لا تظهر`,
  noDevices: (why) => `لا ميكروفون ولا كاميرا (${because[why]}): لا أحد يسمعك أو يراك`,
  deviceAdvice: (why, browser) => (why === 'denied' ? allow[browser] : advice[why]),
  tryAgain: 'إعادة المحاولة',
  deviceReplaced: (lost, used) => `فُصل «${lost}». يُستخدم الآن «${used}»`,
  deviceReturned: (name) => `عاد «${name}» ويُستخدم من جديد`,
  youAreMuted: 'الميكروفون لديك مكتوم',
  microphoneMutedBySystem: 'النظام أو مفتاح في الجهاز يكتم الميكروفون: لا أحد يسمعك',
  cameraMutedBySystem: 'النظام أو غطاء يحجب الكاميرا: صوتك مسموع لكن صورتك لا تظهر',
  switchToBackCamera: 'التبديل إلى الكاميرا الخلفية',
  switchToFrontCamera: 'التبديل إلى الكاميرا الأمامية',
  settings: 'الإعدادات',
  cameraAndSound: 'الكاميرا والصوت',
  close: 'إغلاق',
  blurBackground: 'تمويه الخلفية',
  replaceBackground: 'استبدال الخلفية',
  suppressNoise: 'إزالة ضوضاء الخلفية',
  effectFailed: 'لم ينجح ذلك، فتم إيقافه.',
  ringingDevice: 'الرنين',
  testSpeaker: 'اختبار مكبر الصوت',
  testRingtone: 'اختبار نغمة الرنين',
  showPreview: 'إظهار معاينة الكاميرا',
  hidePreview: 'إخفاء معاينة الكاميرا',
  testMicrophone: 'اختبار الميكروفون',
  stopTest: 'إيقاف الاختبار',
  microphoneLevel: 'مستوى الميكروفون',
  onlyYou: 'أنت وحدك ترى هذا وتسمعه',
  playbackBlocked: 'الصوت محظور',
  turnSoundOn: 'تشغيل الصوت',
  viewIncomplete: 'تعذّر تحميل العرض الكامل للمكالمة',
  enlarge: (name) => `تكبير ${name}`,
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
  callBack: (name) => `معاودة الاتصال بـ ${name}`,
  joinGroupCall: (name) => `الانضمام إلى المكالمة الجماعية مع ${name}`,
  dismiss: (name) => `إزالة مكالمة ${name}`,
  dismissAll: 'إزالة الكل',
  wasBusy: 'كنت في مكالمة',
  wasCanceled: 'أنهى المتصل المكالمة',
  afterThisCall: 'يمكنك معاودة الاتصال بعد هذه المكالمة',
  connectionRefused: 'رُفض الاتصال بالخادم',
  callHistory: 'المكالمات',
  showCalls: 'عرض',
  allCalls: 'الكل',
  onlyMissed: 'الفائتة',
  onlyIncoming: 'الواردة',
  onlyOutgoing: 'الصادرة',
  noCalls: 'لا توجد مكالمات بعد',
  noIncomingCalls: 'لا توجد مكالمات واردة',
  noOutgoingCalls: 'لا توجد مكالمات صادرة',
  loadingCalls: 'جارٍ تحميل المكالمات…',
  historyFailed: 'تعذّر تحميل بعض المكالمات',
  historyOff: 'لا تُحفظ المكالمات هنا',
  incomingCall: 'واردة',
  outgoingCall: 'صادرة',
  declinedByYou: 'رفضتها',
  canceledByYou: 'ألغيتها',
  callAgain: (names) => `الاتصال مجددًا: ${names}`,
  deleteCall: (names) => `حذف المكالمة مع ${names}`,
  deleteAllCalls: 'حذف الكل',
  callsDeleted: deletedCalls,
  undo: 'تراجع',
  exportAs: (format) => `تصدير بصيغة ${format}`,
  notificationsHint: 'تلقّي إشعارات بالمكالمات الفائتة',
  turnOnNotifications: 'تفعيل الإشعارات',
  offerNotifications: 'هل تريد تفعيل الإشعارات؟',
  offerReason: 'سترى المكالمات الفائتة حتى عندما لا تنظر إلى هذه الصفحة.',
  turnOn: 'تفعيل',
  notNow: 'ليس الآن',
};
