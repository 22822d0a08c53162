import type { Page } from '@playwright/test';
import type { CallHost } from '../src/components/shared/context.js';
import type { OngoingCallView } from '../src/components/ongoing-call-view/ongoing-call-view.js';
import type { CallConfig } from '../src/core/service/call-config.js';
import type { CallSnapshot, Member } from '../src/core/service/snapshots.js';

/** A staged scene of a call: real calls with so many members, or with missing files, are too much for one machine. */
export interface Scene {
  readonly name: string;
  /** The element that shows it. Default: the full call view. */
  readonly tag?:
    | 'ongoing-call-view'
    | 'minimal-call-view'
    | 'incoming-call-dialog'
    | 'outgoing-call-dialog'
    | 'call-settings';
  readonly callType: 'voice' | 'video';
  /** The number of members in the call, including this user. */
  readonly present: number;
  /** States of further invited members. */
  readonly waiting?: readonly ('inviting' | 'ringing' | 'unreachable')[];
  /** Index of the enlarged tile. */
  readonly pinned?: number;
  readonly sharing?: boolean;
  /** A second member shares a screen. */
  readonly sharedTwice?: boolean;
  /** The shared screen is paused. */
  readonly screenPaused?: boolean;
  /** This user shares a tab with its sound; `paused`: and has paused it. */
  readonly ownScreen?: 'shared' | 'paused';
  readonly choosing?: boolean;
  /** `active` by default. */
  readonly status?: 'incoming' | 'connecting' | 'ended';
  /** An outgoing call that was declined with a message. */
  readonly declined?: boolean;
  /** The full view could not be loaded. */
  readonly incomplete?: boolean;
  /** The device panel is open. */
  readonly choosingDevices?: boolean;
  /** The view is a bar, or a card with a picture. */
  readonly minimised?: boolean;
  /** The picture of the other member is upright, as that of a phone. */
  readonly upright?: boolean;
  /** The focus is on the button that resizes the window. */
  readonly resizing?: boolean;
  /** The camera is used by another program, and this user speaks with a muted microphone. */
  readonly withProblems?: boolean;
  /** Pictures are paused to keep the sound clear: that of the other member. */
  readonly paused?: boolean;
  /** The panel with the emoji of the members is open. */
  readonly verifying?: boolean;
  /** The link to the other member was closed, because somebody may intercept it. */
  readonly intercepted?: boolean;
  /** Another call of this user: it rings, or is on hold. */
  readonly otherCall?: 'waiting' | 'held';
  /** The picture shows the small window of the call. */
  readonly smallWindow?: boolean;
}

const minimal = { tag: 'minimal-call-view', callType: 'voice' } as const;

export const scenes: readonly Scene[] = [
  { name: 'group-3', callType: 'video', present: 3 },
  { name: 'group-5', callType: 'voice', present: 5 },
  { name: 'group-8', callType: 'video', present: 8 },
  { name: 'group-pinned', callType: 'video', present: 8, pinned: 1 },
  { name: 'group-screen', callType: 'video', present: 4, sharing: true },
  { name: 'group-screens', callType: 'video', present: 4, sharing: true, sharedTwice: true },
  { name: 'pair-screen', callType: 'video', present: 2, sharing: true },
  { name: 'pair-screen-paused', callType: 'video', present: 2, sharing: true, screenPaused: true },
  { name: 'own-screen', callType: 'video', present: 2, ownScreen: 'shared' },
  { name: 'own-screen-paused', callType: 'voice', present: 3, ownScreen: 'paused' },
  {
    name: 'group-waiting',
    callType: 'video',
    present: 3,
    waiting: ['ringing', 'inviting', 'unreachable'],
  },
  { name: 'pair-waiting', callType: 'video', present: 2, waiting: ['ringing'] },
  { name: 'invite-chooser', callType: 'video', present: 3, waiting: ['ringing'], choosing: true },
  { name: 'bar-voice', callType: 'voice', present: 2, minimised: true },
  { name: 'card-video', callType: 'video', present: 2, minimised: true },
  { name: 'card-upright', callType: 'video', present: 2, minimised: true, upright: true },
  { name: 'card-screen', callType: 'video', present: 3, minimised: true, sharing: true },
  { name: 'card-paused', callType: 'video', present: 2, minimised: true, paused: true },
  { name: 'frame-video', callType: 'video', present: 2, resizing: true },
  { name: 'frame-voice', callType: 'voice', present: 2, resizing: true },
  { name: 'other-call-waiting', callType: 'voice', present: 2, otherCall: 'waiting' },
  { name: 'other-call-waiting-video', callType: 'video', present: 2, otherCall: 'waiting' },
  { name: 'other-call-held', callType: 'voice', present: 2, otherCall: 'held' },
  { name: 'other-call-held-video', callType: 'video', present: 2, otherCall: 'held' },
  { name: 'window-pair', callType: 'video', present: 2, smallWindow: true },
  { name: 'window-voice', callType: 'voice', present: 3, smallWindow: true },
  { name: 'window-group', callType: 'video', present: 8, smallWindow: true },
  { name: 'devices', callType: 'video', present: 2, choosingDevices: true },
  { name: 'device-problems', callType: 'video', present: 2, withProblems: true },
  { name: 'paused', callType: 'video', present: 3, paused: true },
  { name: 'verify-pair', callType: 'video', present: 2, verifying: true },
  { name: 'verify-group', callType: 'video', present: 4, verifying: true },
  { name: 'verify-failed', callType: 'voice', present: 2, intercepted: true, status: 'ended' },
  { name: 'settings', tag: 'call-settings', callType: 'video', present: 2 },
  {
    name: 'settings-problem',
    tag: 'call-settings',
    callType: 'voice',
    present: 2,
    withProblems: true,
  },
  {
    ...{ name: 'incoming-failed', tag: 'incoming-call-dialog', status: 'incoming' },
    ...{ callType: 'voice', present: 2 },
  },
  ...(['voice', 'video'] as const).flatMap((callType) =>
    (['incoming', 'outgoing'] as const).map((direction): Scene => ({
      name: `connecting-${direction}-${callType}`,
      tag: `${direction}-call-dialog`,
      ...{ callType, status: 'connecting', present: 2 },
    })),
  ),
  { name: 'minimal-connecting', ...minimal, present: 2, status: 'connecting' },
  { name: 'minimal-voice', ...minimal, present: 2, incomplete: true },
  { name: 'minimal-group', ...minimal, callType: 'video', present: 5, incomplete: true },
  { name: 'minimal-ended', ...minimal, present: 2, status: 'ended' },
  { name: 'ended-pair', callType: 'voice', present: 2, status: 'ended' },
  { name: 'ended-pair-message', callType: 'video', present: 2, status: 'ended' },
  { name: 'ended-group', callType: 'video', present: 5, status: 'ended' },
  { name: 'ended-bar', callType: 'voice', present: 2, status: 'ended', minimised: true },
  {
    ...{ name: 'ended-declined', tag: 'outgoing-call-dialog', callType: 'voice', present: 2 },
    ...{ status: 'ended', declined: true },
  },
];

/**
 * Shows a scene with the built elements in a page without a provider. A fake provider answers their context request.
 * @param inLayer shows it as the provider does; otherwise it fills the window
 */
export async function stageCall(page: Page, scene: Scene, inLayer: boolean): Promise<void> {
  // Dialogs show only above the page that a call connects.
  const connects = scene.status === 'connecting' && scene.tag?.endsWith('-dialog');
  await page.evaluate(showScene, { scene, inLayer: inLayer || !!connects });
  if (connects) return page.locator('[part~="hang-up-button"]').waitFor();
  if (scene.tag === 'incoming-call-dialog') {
    await page.locator('[part~="accept-button"]').click();
    return page.locator('[part~="accept-button"][aria-busy=false]').waitFor();
  }
  if (scene.tag === 'call-settings') {
    return page.locator('call-settings section').waitFor();
  }
  if (scene.tag === 'minimal-call-view') return page.locator('minimal-call-view section').waitFor();
  if (scene.status === 'ended') {
    const element = scene.tag ?? 'ongoing-call-view';
    return page.locator(`${element} ${scene.minimised ? '.bar' : '.centre'}`).waitFor();
  }
  await page.locator('ongoing-call-view :is(.tile, .centre)').first().waitFor();
  if (scene.otherCall) return page.locator('waiting-call-card section').waitFor();
  if (scene.minimised) {
    await page.getByRole('button', { name: /^(Minimise|تصغير)$/ }).click();
    return page.locator('ongoing-call-view :is(.bar, .card)').waitFor();
  }
  const resize = page.locator('ongoing-call-view .resize:visible');
  if (scene.resizing && (await resize.count())) await resize.focus();
  const pins = page.locator('ongoing-call-view .pin');
  if (scene.pinned !== undefined) await pins.nth(scene.pinned).click();
  if (scene.choosing) {
    await page.locator('invite-to-call-button [part~="button"]').click();
    await page.locator('invite-to-call-button input:enabled').first().click();
  }
  if (scene.choosingDevices) await page.locator('.round[aria-expanded]').click();
  const more = page.locator('[part~=more-button]');
  if (scene.verifying || scene.smallWindow) await more.click();
  if (scene.verifying) await page.locator('[part~=verify-button]').click();
  if (scene.smallWindow) return page.locator('ongoing-call-view .small-window').click();
  // The outline of the speaking member appears asynchronously.
  await page.locator('ongoing-call-view .speaking').first().waitFor({ state: 'attached' });
  await page.mouse.move(1, 1);
}

/** Runs in the page. */
function showScene({ scene, inLayer }: { scene: Scene; inLayer: boolean }): void {
  const names = [
    ['amara.kone', 'Amara Koné'],
    ['ben.ortiz', 'Ben Ortiz'],
    ['chen.li', '李晨'],
    ['dana', 'Dana'],
    ['eko', 'Eko Saputra-Wijayakusuma'],
    ['fatima', 'فاطمة الزهراء'],
    ['gus', 'Gus van Dam'],
    ['hana', 'Hana Mori'],
  ] as const;
  const { callType, present, waiting = [] } = scene;
  const members = names.slice(0, present + waiting.length).map(([userID, userName], index) => {
    const answer = scene.declined && index ? 'declined' : 'accepted';
    const state = index < present ? answer : waiting[index - present];
    return {
      ...{ userID, userName, self: index === 0, screen: false },
      state: index === 3 && present > 4 ? 'reconnecting' : state,
      microphone: index !== 2,
      camera: callType === 'video' && index !== 4,
      picturePaused: !!scene.paused && index === 1,
      ownPicturePaused: false,
      customData: scene.declined ? JSON.stringify({ message: 'I’m in a meeting' }) : '',
      ...(index === 1 && {
        sharedScreen: { surface: 'window', sound: false, paused: !!scene.screenPaused },
      }),
    } as Member;
  });
  const call: CallSnapshot = {
    ...{ status: scene.status ?? 'active', callID: 'call', callType, customData: '' },
    ...{ initiator: members[0], members, group: members.length > 2 },
    inviter: scene.tag === 'incoming-call-dialog' ? members[1] : undefined,
    endReason:
      scene.status === 'ended'
        ? scene.intercepted
          ? 'media-failed'
          : scene.declined
            ? 'declined'
            : 'everyone-left'
        : undefined,
    startedAt: scene.declined ? undefined : Date.now() - 767_000,
    silenced: false,
  };

  function picture(
    draw: (context: CanvasRenderingContext2D) => void,
    isUpright = false,
  ): MediaStream {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = isUpright ? [360, 640] : [640, 480];
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    if (isUpright) context.setTransform(4 / 3, 0, 0, 4 / 3, -247, 0);
    setInterval(() => draw(context), 100);
    return canvas.captureStream();
  }
  const face = (hue: number): MediaStream =>
    picture((context) => {
      context.fillStyle = `hsl(${hue} 45% 62%)`;
      context.fillRect(0, 0, 640, 480);
      context.fillStyle = `hsl(${hue + 140} 40% 35%)`;
      context.beginPath();
      context.ellipse(320, 500, 210, 190, 0, 0, 7);
      context.fill();
      context.fillStyle = 'hsl(28 50% 68%)';
      context.beginPath();
      context.ellipse(320, 220, 92, 118, 0, 0, 7);
      context.fill();
    }, scene.upright);
  const document_ = (): MediaStream =>
    picture((context) => {
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 640, 480);
      context.fillStyle = '#334';
      for (let line = 0; line < 12; line++)
        context.fillRect(60, 60 + line * 30, 520 - ((line * 97) % 200), 10);
    });

  const caller = { userID: 'fatima', userName: 'Fatima al-Zahra' };
  const otherCall = {
    ...{ ...call, callID: 'other', callType: 'voice', status: 'active', inviter: caller },
    members: [members[0], { ...members[1], ...caller }],
  };
  const other = (kind: 'waiting' | 'held') => (scene.otherCall === kind ? otherCall : undefined);

  const store = <T>(value: T) => ({ get: () => value, listen: () => () => {} });
  const stream = (index: number) => (callType === 'video' ? face(index * 47) : undefined);
  const media = members.slice(1, present).map(({ userID }, index) => {
    const sharers = scene.sharedTwice ? 2 : 1;
    const screen = scene.sharing && index < sharers ? document_() : undefined;
    return [userID, { stream: stream(index + 1), screen }] as const;
  });
  const symbols = ['🎁', '🍌', '🐟', '👓', '🐓', '☔', '🍋'];
  const numbers = [51, 27, 9, 41, 6, 43, 29];
  const emoji = symbols.map((symbol, index) => ({ symbol, number: numbers[index], name: '' }));
  const verifications = [
    { state: scene.intercepted ? 'failed' : 'ready', emoji: scene.intercepted ? [] : emoji },
    { state: 'unavailable', emoji: [] },
    { state: 'pending', emoji: [] },
  ];
  const verification = members
    .slice(1, present)
    .map(({ userID }, index) => [userID, verifications[index]] as const);
  const config: CallConfig = { inCalling: { canInvitingInCalling: true } };
  const local = {
    ...{ stream: stream(0), screen: undefined, microphone: 'on' },
    camera: callType === 'video' ? 'on' : 'off',
    ...(scene.ownScreen && {
      screen: document_(),
      sharedScreen: { surface: 'browser', sound: true, paused: scene.ownScreen === 'paused' },
    }),
    ...(scene.withProblems && {
      ...{ stream: undefined, camera: 'unavailable', cameraProblem: 'busy' },
      ...{ microphone: 'off', speakingWhileMuted: true },
    }),
  };
  const inSettings = scene.tag === 'call-settings';
  const devices = (kind: MediaDeviceKind, ...labels: string[]) =>
    labels.map((label) => ({ kind, label, deviceId: label, groupId: '' }));
  const host: Omit<CallHost, 'service'> & { readonly service: object } = {
    element: document.body,
    service: {
      user: members[0],
      $call: store(call),
      $endedCall: store(scene.status === 'ended' && !scene.intercepted ? call : undefined),
      $connection: store('connected'),
      $waitingCall: store(other('waiting')),
      $heldCalls: store([other('held') ?? []].flat()),
      keepEndedCall: () => () => {},
      $localMedia: store(inSettings ? { camera: 'off', microphone: 'off' } : local),
      preview: async (changed: (media: typeof local) => void) => {
        queueMicrotask(() => changed(local));
        return {
          setCamera: async () => {},
          setMicrophone: async () => {},
          level: () => 0.2,
          close: () => {},
        };
      },
      $remoteMedia: store(new Map(media)),
      $verification: store(new Map(scene.verifying || scene.intercepted ? verification : [])),
      $devices: store({
        microphones: devices('audioinput', 'Built-in microphone', 'Jabra Evolve2 65 (0b0e:0a57)'),
        cameras: devices('videoinput', 'Integrated Camera'),
        speakers: devices('audiooutput', 'Built-in speakers', 'Jabra Evolve2 65 (0b0e:0a57)'),
        selected: { microphone: 'Built-in microphone', camera: 'Integrated Camera' },
      }),
      $effects: store([
        { name: 'noise', kind: 'audio', enabled: true, failed: false },
        { name: 'background-blur', kind: 'video', enabled: true, failed: false },
        { name: 'background-image', kind: 'video', enabled: false, failed: true },
      ]),
      setPictureSizes: () => {},
      callDuration: () => 767_000,
      accept: () => Promise.reject(new Error('No file')),
      quality: async () => 3,
      audioLevels: async () => new Map([['ben.ortiz', 0.3]]),
      report: () => {},
    },
    config: () => config,
    ringer: () => undefined,
    texts: () => null,
    avatarFor: () => undefined,
    canTakeCalls: true,
  };
  document.body.addEventListener('context-request', (event) => {
    (event as Event & { callback: (value: typeof host) => void }).callback(host);
  });

  const view = document.createElement(scene.tag ?? 'ongoing-call-view');
  view.toggleAttribute('in-layer', inLayer);
  view.toggleAttribute('incomplete', !!scene.incomplete);
  const invite = document.createElement('invite-to-call-button');
  invite.slot = 'invite';
  invite.people = names.map(([userID, userName]) => ({ userID, userName }));
  view.append(invite);
  const message = document.createElement('button');
  [message.slot, message.textContent] = ['message', 'Message'];
  if (scene.callType === 'video' && scene.status === 'ended') view.append(message);
  if (scene.minimised && scene.status === 'ended') (view as OngoingCallView).minimised = true;
  if (!inLayer) {
    Object.assign(document.body.style, { margin: '0', blockSize: '100dvb' });
    document.body.replaceChildren();
  }
  document.body.append(view);
  if (scene.otherCall) {
    // Registers the card, as the provider of a page does.
    document.createElement('call-invitation-provider');
    const card = document.createElement('waiting-call-card');
    card.toggleAttribute('in-layer', true);
    document.body.append(card);
  }
}
