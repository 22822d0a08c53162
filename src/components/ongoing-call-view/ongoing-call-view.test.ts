import { exportThroughProvider } from './exported-parts.js';
import { expect, html } from '@open-wc/testing';
import type { SharedScreen } from '../../core/ports/screen.js';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import {
  button,
  expectAccessible,
  expectLaidOutOnlyFor,
  hasPart,
  inProvider,
  pressed,
  textOf,
  type ElementFixture,
} from '../../../test/support/elements.js';
import { NO_MEDIA, member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { CallError } from '../../core/service/call-error.js';
import type { Member } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallHangUpEvent } from '../shared/in-call-events.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

const view = () => inProvider<OngoingCallView>(html`<ongoing-call-view></ongoing-call-view>`);

const picture = (): MediaStream => document.createElement('canvas').captureStream();
const ann = user('ann', 'Ann Berg');
const ben = user('ben', 'Ben Ortiz');
const pair = (mine: Partial<Member>, theirs: Partial<Member>): Member[] => [
  member(ann, 'accepted', { self: true, microphone: true, ...mine }),
  member(ben, 'accepted', { microphone: true, ...theirs }),
];
const parts = (element: Element, part: string): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${part}"]`) ?? []),
];
async function openMore(element: OngoingCallView): Promise<void> {
  button(element, 'more-button').click();
  await element.updateComplete;
}
const device = (kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo => ({
  kind,
  deviceId,
  label,
  groupId: '',
  toJSON: () => ({}),
});
function withDevices({ service }: ElementFixture<OngoingCallView>): void {
  service.$devices.set({
    microphones: [device('audioinput', 'm1', 'Desk'), device('audioinput', 'm2', 'Head')],
    cameras: [device('videoinput', 'c1', '')],
    speakers: [device('audiooutput', 's1', 'Room')],
    selected: { microphone: 'm2' },
  });
}

describe('<ongoing-call-view>', () => {
  it('has display: none while there is no call', async () => {
    await expectLaidOutOnlyFor(await view(), ongoing());
  });

  it('fills its container', async () => {
    const { element, provider, show } = await view();
    Object.assign(provider.style, { display: 'block', inlineSize: '400px', blockSize: '500px' });
    await show(ongoing());
    expect(element.offsetWidth).to.equal(400);
    expect(element.offsetHeight).to.equal(500);
  });

  it('has two tiles: a large one of the other member, and a small one of this user', async () => {
    const { element, provider, service, show } = await view();
    Object.assign(provider.style, { display: 'block', blockSize: '500px' });
    const [mine, theirs] = [picture(), picture()];
    service.$localMedia.set({ ...NO_MEDIA, stream: mine, camera: 'on', microphone: 'on' });
    service.$remoteMedia.set(new Map([['ben', { stream: theirs, screen: undefined }]]));
    await show(ongoing({ callType: 'video', members: pair({ camera: true }, { camera: true }) }));
    const [large, small, ...more] = parts(element, 'tile');
    expect(more).to.have.length(0);
    expect(large?.querySelector('video')?.srcObject).to.equal(theirs);
    expect(small?.querySelector('video')?.srcObject).to.equal(mine);
    expect(large?.offsetWidth).to.be.greaterThan((small?.offsetWidth ?? 0) * 2);
  });

  it('exports the parts of all its controls, and has none for devices while the call is on hold', async () => {
    const { element, provider, show } = await view();
    provider.config = { callWaiting: true };
    const controls = (): string[] =>
      [...(element.shadowRoot?.querySelectorAll(':is(.controls, .panel) [part]') ?? [])].map(
        (each) => each.getAttribute('part') ?? '',
      );
    await show(ongoing());
    await openMore(element);
    expect(controls()).to.include.members(['microphone-button', 'hold-button', 'hang-up-button']);
    const layered = document.createElement('div');
    exportThroughProvider(layered);
    const exported = layered.getAttribute('exportparts')?.split(', ') ?? [];
    expect(exported).to.include.members(controls());
    provider.config = {};
    await show(ongoing({ onHold: true }));
    expect(controls()).to.deep.equal(['resume-button', 'hang-up-button']);
    expect(exported).to.include('resume-button');
  });

  it('shows an avatar if there is no video', async () => {
    const { element, service, show } = await view();
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: undefined }]]));
    await show(ongoing());
    const avatars = () =>
      parts(element, 'tile').map((tile) => tile.querySelector('.avatar')?.textContent?.trim());
    expect(avatars(), 'no tile of oneself in a voice call').to.deep.equal(['BO']);
    service.$localMedia.set({ ...NO_MEDIA, stream: picture(), camera: 'on' });
    await show(ongoing({ members: pair({ camera: true }, {}) }));
    expect(avatars()).to.deep.equal(['BO', undefined]);
  });

  it('keeps a tile and its video while other members join and leave', async () => {
    const { element, service, show } = await view();
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: undefined }]]));
    await show(ongoing({ members: pair({}, { camera: true }) }));
    const before = element.shadowRoot?.querySelector('video');
    let restarts = 0;
    before?.addEventListener('emptied', () => restarts++);
    element.requestUpdate();
    await element.updateComplete;
    await show(
      ongoing({
        group: true,
        members: [...pair({}, { camera: true }), member(user('chen', 'Chen'), 'accepted')],
      }),
    );
    expect(parts(element, 'tile')).to.have.length(3);
    expect(element.shadowRoot?.querySelector('video')).to.equal(before);
    await new Promise((resolve) => setTimeout(resolve));
    expect(restarts).to.equal(0);
  });

  it('shows the shared screen of the other member, and both members beside it', async () => {
    const { element, service, show } = await view();
    const screen = picture();
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen }]]));
    await show(ongoing({ members: pair({}, { camera: true, screen: true }) }));
    const tiles = parts(element, 'tile');
    expect(tiles).to.have.length(3);
    expect(tiles[0]?.querySelector('video')?.srcObject).to.equal(screen);
    expect(tiles[0]?.querySelector('.tag')?.textContent?.trim()).to.equal(
      'Ben Ortiz is sharing their screen',
    );
    // Nothing covers the screen.
    const [first, ...small] = tiles.map((tile) => tile.getBoundingClientRect());
    for (const { left, top } of small)
      expect(left >= first!.right || top >= first!.bottom).to.equal(true);
  });

  it('shows that it is connecting, and reconnecting', async () => {
    const { element, show } = await view();
    await show(ongoing({ status: 'connecting', startedAt: undefined }));
    expect(textOf(element, '.centre [data-announced]')).to.equal('Connecting…');
    await show(ongoing({ status: 'reconnecting' }));
    expect(textOf(element, '.centre [data-announced]')).to.equal('Reconnecting…');
    await show(ongoing());
    expect(textOf(element, '.centre [data-announced]')).to.equal('');
  });

  it('shows the duration of the call, without announcing each second', async () => {
    const { element, show } = await view();
    const startedAt = Date.now() - 767_400;
    await show(ongoing({ startedAt }));
    const time = element.shadowRoot?.querySelector('[role=timer]');
    const [minutes = 0, seconds = 0] = textOf(element, '[role=timer]').split(':').map(Number);
    const shown = 60 * minutes + seconds;
    expect(shown).to.be.within(767, Math.floor((Date.now() - startedAt) / 1_000));
    expect(time?.getAttribute('datetime')).to.equal(`PT${shown}S`);
    expect(time?.getAttribute('aria-live')).to.equal('off');
    expect(getComputedStyle(time!).fontVariantNumeric).to.equal('tabular-nums');
    const before = textOf(element, '[role=timer]');
    await waitUntil(() => textOf(element, '[role=timer]') !== before, 'the next second');
  });

  it('shows the quality of the connection in three bars', async () => {
    const { element, service, show } = await view();
    service.currentQuality = 2;
    await show(ongoing());
    await waitUntil(() => element.shadowRoot?.querySelector('.bars'));
    const bars = element.shadowRoot?.querySelector('.bars');
    expect(bars?.getAttribute('aria-label')).to.equal('Connection: fair');
    const lit = [...(bars?.children ?? [])].filter((bar) => getComputedStyle(bar).opacity === '1');
    expect(lit).to.have.length(2);
  });

  it('mutes and unmutes', async () => {
    const { element, service, show } = await view();
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on' });
    await show(ongoing());
    expect(button(element, 'microphone-button').ariaLabel).to.equal('Mute microphone');
    button(element, 'microphone-button').click();
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'off' });
    await element.updateComplete;
    expect(button(element, 'microphone-button').ariaLabel).to.equal('Unmute microphone');
    button(element, 'microphone-button').click();
    expect(service.commands).to.deep.equal([
      ['setMicrophone', false],
      ['setMicrophone', true],
    ]);
  });

  it('turns the camera on and off', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    button(element, 'camera-button').click();
    service.$localMedia.set({ ...NO_MEDIA, camera: 'pending' });
    await element.updateComplete;
    expect(button(element, 'camera-button').ariaBusy).to.equal('true');
    button(element, 'camera-button').click();
    expect(service.commands).to.deep.equal([
      ['setCamera', true],
      ['setCamera', false],
    ]);
  });

  it('shares the screen, shows a note, and stops', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    button(element, 'screen-button').click();
    service.$localMedia.set({ ...NO_MEDIA, screen: picture() });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.contain('You’re sharing your screen');
    expect(button(element, 'screen-button').ariaLabel).to.equal('Stop sharing');
    button(element, 'screen-button').click();
    expect(service.commands).to.deep.equal([
      ['shareScreen', true],
      ['shareScreen', false],
    ]);
  });

  it('tells what is shared, and pauses it', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    const share = async (sharedScreen: SharedScreen): Promise<void> => {
      service.$localMedia.set({ ...NO_MEDIA, screen: picture(), sharedScreen });
      await element.updateComplete;
    };
    await share({ surface: 'browser', sound: true, paused: false });
    expect(textOf(element, '.notes')).to.contain('You’re sharing a browser tab · with sound');
    expect(parts(element, 'tile'), 'no tile of the own screen').to.have.length(1);
    expect(button(element, 'screen-pause-button').textContent?.trim()).to.equal('Pause sharing');
    button(element, 'screen-pause-button').click();
    await share({ surface: 'browser', sound: true, paused: true });
    expect(textOf(element, '.notes')).to.contain('Sharing is paused');
    button(element, 'screen-pause-button').click();
    await share({ surface: 'window', sound: false, paused: false });
    expect(textOf(element, '.note')).to.match(/^You’re sharing a window\s+Pause sharing$/);
    expect(service.commands).to.deep.equal([
      ['pauseScreen', true],
      ['pauseScreen', false],
    ]);
    await expectAccessible(element);
  });

  it('shows that the other member has paused the screen, also without a picture of it', async () => {
    const { element, service, show } = await view();
    const sharedScreen = { surface: 'monitor', sound: false, paused: true } as const;
    const members = pair({}, { screen: true, sharedScreen });
    for (const screen of [picture(), undefined]) {
      service.$remoteMedia.set(new Map([['ben', { stream: undefined, screen }]]));
      await show(ongoing({ members }));
      const [tile] = parts(element, 'tile');
      expect(tile?.classList.contains('paused')).to.equal(true);
      expect(tile?.querySelector('.state')?.textContent?.trim()).to.equal(
        'Ben Ortiz has paused the screen',
      );
      await expectAccessible(element);
    }
  });

  it('fires call-hang-up, then hangs up', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ callID: 'c1' }));
    const event = pressed<CallHangUpEvent>(element, 'hang-up-button', 'call-hang-up');
    expect(event.callID).to.equal('c1');
    expect(service.commands).to.deep.equal([['hangUp']]);
  });

  it('does not hang up if the page prevents the event, nor at Escape', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    pressed(element, 'hang-up-button', 'call-hang-up', true);
    element.focus();
    await sendKeys({ press: 'Escape' });
    expect(service.commands).to.deep.equal([]);
  });

  it('does not hang up at the second click of a double click', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    button(element, 'hang-up-button').dispatchEvent(new MouseEvent('click', { detail: 2 }));
    expect(service.commands).to.deep.equal([]);
  });

  it('lets the user select microphone, camera and speaker', async () => {
    const stage = await view();
    const { element, service, show } = stage;
    withDevices(stage);
    await show(ongoing());
    const toggle = element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]');
    expect(toggle?.ariaExpanded).to.equal('false');
    toggle?.click();
    await element.updateComplete;
    const choices = [...(element.shadowRoot?.querySelectorAll('select') ?? [])];
    expect(
      choices.map((one) => one.labels[0]?.textContent?.replace(/\s+/g, ' ').trim().split(' ')[0]),
    ).to.deep.equal(['Microphone', 'Camera', 'Speaker']);
    expect(choices[0]?.value).to.equal('m2');
    expect([...(choices[1]?.options ?? [])].map(({ text }) => text)).to.deep.equal([
      'Default',
      'Device 1',
    ]);
    expect(choices[1]?.value).to.equal('');
    choices[0]!.value = 'm1';
    choices[0]!.dispatchEvent(new Event('change', { bubbles: true }));
    expect(service.commands).to.deep.equal([['selectDevice', 'audioinput', 'm1']]);
  });

  it('always offers the default device, and shows the device in use, also after a failed selection', async () => {
    const stage = await view();
    const { element, service, show } = stage;
    withDevices(stage);
    await show(ongoing());
    element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]')?.click();
    await element.updateComplete;
    const [microphone, , speaker] = [...(element.shadowRoot?.querySelectorAll('select') ?? [])];
    const choose = async (select: HTMLSelectElement | undefined, value: string): Promise<void> => {
      select!.value = value;
      select!.dispatchEvent(new Event('change', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
      await element.updateComplete;
    };
    const list = service.$devices.get();
    // The selected speaker is unplugged: the store contains none.
    service.$devices.set({ ...list, selected: { microphone: 'm2', speaker: 's1' } });
    await element.updateComplete;
    expect(speaker?.value).to.equal('s1');
    service.$devices.set({ ...list, selected: { microphone: 'm2' } });
    await element.updateComplete;
    expect(speaker?.value).to.equal('');
    await choose(speaker, 's1');
    await choose(speaker, '');
    expect(service.commands).to.deep.equal([
      ['selectDevice', 'audiooutput', 's1'],
      ['selectDevice', 'audiooutput', ''],
    ]);
    service.failure = new CallError('media-failed');
    await choose(microphone, 'm1');
    expect(microphone?.value).to.equal('m2');
    expect(service.reported).to.deep.equal([service.failure]);
    // Some browsers include the default device in their list.
    const speakers = [device('audiooutput', 'default', 'Default - Room'), ...list.speakers];
    service.$devices.set({ ...list, speakers, selected: {} });
    await element.updateComplete;
    expect([...(speaker?.options ?? [])].map(({ value }) => value)).to.deep.equal([
      'default',
      's1',
    ]);
    expect(speaker?.value).to.equal('default');
  });

  it('closes the device panel at Escape, and returns the focus', async () => {
    const stage = await view();
    const { element, show } = stage;
    withDevices(stage);
    await show(ongoing());
    const toggle = element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]');
    expect(toggle?.hasAttribute('aria-controls')).to.equal(false);
    toggle?.click();
    await element.updateComplete;
    const panel = element.shadowRoot?.querySelector('.panel');
    expect(panel?.id).to.equal(toggle?.getAttribute('aria-controls'));
    element.shadowRoot?.querySelector('select')?.focus();
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('select')).to.equal(null);
    expect(element.shadowRoot?.activeElement).to.equal(toggle);
  });

  it('closes the device panel at a press outside of it, and no other panel at the same Escape', async () => {
    const stage = await view();
    const { element, show } = stage;
    withDevices(stage);
    await show(ongoing());
    const panel = () => element.shadowRoot?.querySelector('.panel');
    const toggle = element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]');
    const press = async (target: Element | null | undefined): Promise<void> => {
      target?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
      await element.updateComplete;
    };
    toggle?.click();
    await element.updateComplete;
    await press(panel()?.querySelector('select'));
    expect(panel()).not.to.equal(null);
    await press(element.shadowRoot?.querySelector('.centre'));
    expect(panel()).to.equal(null);
    toggle?.click();
    await element.updateComplete;
    // Elements of the page may look like panels.
    const tab = document.createElement('button');
    tab.className = 'panel';
    tab.setAttribute('aria-expanded', 'false');
    document.body.append(tab);
    await press(tab);
    tab.remove();
    expect(panel()).to.equal(null);
    toggle?.focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    await waitUntil(() => panel()?.matches(':focus'), 'the focus is in the panel');
    const escapes: boolean[] = [];
    element.addEventListener('keydown', ({ defaultPrevented }) => escapes.push(defaultPrevented));
    panel()?.querySelector('select')?.focus();
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect(panel()).to.equal(null);
    expect(escapes, 'the Escape reaches no other listener').to.deep.equal([]);
  });

  it('keeps the focus when the pressed button is removed, and returns it at the end', async () => {
    const { element, provider, show } = await view();
    const before = document.createElement('button');
    provider.prepend(before);
    before.focus();
    await show(ongoing());
    button(element, 'hang-up-button').focus();
    await show(ongoing({ status: 'ended', endReason: 'hung-up' }));
    expect(document.activeElement).to.equal(element);
    await show({ status: 'idle' });
    expect(document.activeElement).to.equal(before);
  });

  it('has one live region, which stays and announces what appears', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ status: 'connecting', startedAt: undefined }));
    const regions = () => [...(element.shadowRoot?.querySelectorAll('[role=status]') ?? [])];
    const [region] = regions();
    expect(region?.textContent, 'inserted without a text').to.equal('');
    await waitUntil(() => region?.textContent === 'Connecting…');
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on', microphoneMutedBySystem: true });
    await show(ongoing());
    await waitUntil(() => region?.textContent?.startsWith('The system or a switch'));
    element.minimised = true;
    await show(ongoing({ status: 'reconnecting' }));
    await waitUntil(() => region?.textContent === 'Reconnecting…');
    await show(ongoing({ status: 'ended', endReason: 'hung-up' }));
    await waitUntil(() => region?.textContent === 'Call ended');
    expect(regions()).to.deep.equal([region]);
  });

  it('shows the names of its buttons, with their shortcuts, to the mouse alone', async () => {
    const { element, show } = await view();
    await show(ongoing());
    const microphone = button(element, 'microphone-button');
    const fire = (type: string, pointerType: string): boolean =>
      microphone.dispatchEvent(
        new PointerEvent(type, { bubbles: true, composed: true, pointerType }),
      );
    fire('pointermove', 'touch');
    expect(microphone.title).to.equal('');
    fire('pointermove', 'mouse');
    expect(microphone.title).to.match(/^Unmute microphone \((Alt\+|⌥)M\)$/);
    microphone.setAttribute('aria-keyshortcuts', 'Alt+N');
    await waitUntil(() => /^Unmute microphone \((Alt\+|⌥)N\)$/.test(microphone.title));
    microphone.setAttribute('aria-label', 'Mute microphone');
    await waitUntil(() => /^Mute microphone \((Alt\+|⌥)N\)$/.test(microphone.title));
    fire('pointerleave', 'mouse');
    expect(microphone.title).to.equal('');
  });

  it('can be minimised and restored; the focus stays with it', async () => {
    const { element, provider, show } = await view();
    Object.assign(provider.style, { display: 'block', blockSize: '500px' });
    await show(ongoing());
    const minimise = element.shadowRoot?.querySelector<HTMLElement>('.minimise');
    minimise?.focus();
    minimise?.click();
    await element.updateComplete;
    expect(element.hasAttribute('minimised')).to.equal(true);
    expect(element.offsetHeight).to.be.below(90);
    expect(textOf(element, '[role=timer]')).to.match(/^12:4\d$/);
    expect(hasPart(element, 'microphone-button') && hasPart(element, 'hang-up-button')).to.equal(
      true,
    );
    expect(document.activeElement).to.equal(element);
    element.shadowRoot?.querySelector<HTMLElement>('.restore')?.click();
    await element.updateComplete;
    expect(element.minimised).to.equal(false);
    expect(element.offsetHeight).to.equal(500);
  });

  it('is restored for the next call', async () => {
    const { element, show } = await view();
    await show(ongoing());
    element.minimised = true;
    await show({ status: 'idle' });
    await show(ongoing({ callID: 'next' }));
    expect(element.minimised).to.equal(false);
  });

  it('shows which devices are not available, what to do, and opens them again on demand', async () => {
    const { element, service, show } = await view();
    service.$localMedia.set({
      ...NO_MEDIA,
      microphone: 'on',
      camera: 'unavailable',
      cameraProblem: 'busy',
    });
    await show(ongoing({ callType: 'video' }));
    expect(textOf(element, '.notes')).to.equal(
      'Camera in use by another app: you are heard but not seen. Close the other app or tab that uses it, and try again. Try again',
    );
    element.shadowRoot?.querySelector<HTMLElement>('.retry')?.click();
    expect(service.commands).to.deep.equal([['setCamera', true]]);
    service.$localMedia.set({
      ...NO_MEDIA,
      ...({ microphone: 'unavailable', microphoneProblem: 'denied' } as const),
      ...({ camera: 'unavailable', cameraProblem: 'denied' } as const),
    });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.contain(
      'Microphone and camera not allowed: you are neither heard nor seen. Click the icon beside the address',
    );
    element.shadowRoot?.querySelector<HTMLElement>('.retry')?.click();
    expect(service.commands.slice(1)).to.deep.equal([
      ['setMicrophone', true],
      ['setCamera', true],
    ]);
    await expectAccessible(element);
  });

  it('offers no second attempt where the page may not use the devices at all', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    for (const problem of ['policy', 'insecure'] as const) {
      service.$localMedia.set({
        ...NO_MEDIA,
        microphone: 'unavailable',
        microphoneProblem: problem,
      });
      await element.updateComplete;
      expect(element.shadowRoot?.querySelector('.device-note')).to.not.equal(null);
      expect(element.shadowRoot?.querySelector('.retry')).to.equal(null);
    }
  });

  it('shows that the system mutes a device, and that the user speaks while muted', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    service.$localMedia.set({
      ...NO_MEDIA,
      ...({ microphone: 'on', microphoneMutedBySystem: true } as const),
      ...({ camera: 'on', cameraMutedBySystem: true } as const),
    });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.match(/mutes your microphone.*blocks your camera/);
    service.$localMedia.set({ ...NO_MEDIA, speakingWhileMuted: true });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.equal('You are mutedUnmute microphone');
    element.shadowRoot?.querySelector<HTMLElement>('.you-are-muted button')?.click();
    expect(service.commands).to.deep.equal([['setMicrophone', true]]);
    await expectAccessible(element);
  });

  it('shows for a while that an unplugged device was replaced', async () => {
    const stage = await view();
    const { element, service, show } = stage;
    await show(ongoing());
    withDevices(stage);
    await element.updateComplete;
    const before = service.$devices.get();
    service.$devices.set({
      ...before,
      microphones: before.microphones.slice(0, 1),
      selected: { microphone: 'm1' },
    });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.equal('“Head” was unplugged. “Desk” is used now');
    service.$devices.set({ ...before, selected: { microphone: 'm2' } });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.equal('“Head” is back and is used again');
  });

  it('mirrors the picture of this user, except that of the back camera, and offers the other camera of a phone', async () => {
    const { element, service, show } = await view();
    const camera = (deviceId: string) => device('videoinput', deviceId, deviceId);
    service.$devices.set({ ...service.$devices.get(), cameras: [camera('f'), camera('b')] });
    const mine = { ...NO_MEDIA, stream: picture(), camera: 'on' } as const;
    service.$localMedia.set(mine);
    await show(ongoing({ callType: 'video', members: pair({ camera: true }, {}) }));
    const isMirrored = () => !!element.shadowRoot?.querySelector('video.mirrored');
    const flip = () => element.shadowRoot?.querySelector<HTMLElement>('.flip');
    expect(isMirrored()).to.equal(true);
    expect(flip()).to.equal(null);
    service.$localMedia.set({ ...mine, facing: 'user' });
    await element.updateComplete;
    expect(isMirrored()).to.equal(true);
    expect(flip()?.ariaLabel).to.equal('Switch to the back camera');
    flip()?.click();
    expect(service.commands).to.deep.equal([['flipCamera']]);
    service.$localMedia.set({ ...mine, facing: 'environment' });
    await element.updateComplete;
    expect(isMirrored()).to.equal(false);
    expect(flip()?.ariaLabel).to.equal('Switch to the front camera');
  });

  it('opens the settings from the device panel', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]')?.click();
    await element.updateComplete;
    element.shadowRoot?.querySelector<HTMLElement>('.panel .settings')?.click();
    await element.updateComplete;
    expect(service.$settingsOpen.get()).to.equal(true);
    expect(element.shadowRoot?.querySelector('.panel')).to.equal(null);
  });

  it('has keyboard shortcuts, which are off while the user types, and by configuration', async () => {
    const { element, provider, service, show } = await view();
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on' });
    await show(ongoing());
    expect(button(element, 'microphone-button').ariaLabel).to.equal('Mute microphone');
    expect(button(element, 'camera-button').getAttribute('aria-keyshortcuts')).to.equal('Alt+V');
    await sendKeys({ press: 'Alt+m' });
    await sendKeys({ press: 'Alt+v' });
    await sendKeys({ press: 'm' });
    expect(service.commands).to.deep.equal([
      ['setMicrophone', false],
      ['setCamera', true],
    ]);
    const field = document.createElement('input');
    provider.append(field);
    field.focus();
    await sendKeys({ press: 'Alt+m' });
    expect(service.commands).to.have.length(2);
    field.remove();
    provider.config = { ...provider.config, shortcuts: false };
    provider.renew();
    await element.updateComplete;
    await sendKeys({ press: 'Alt+m' });
    expect(service.commands).to.have.length(2);
    expect(button(element, 'microphone-button').hasAttribute('aria-keyshortcuts')).to.equal(false);
    provider.config = {};
    provider.renew();
    await element.updateComplete;
    await sendKeys({ press: 'Alt+h' });
    expect(service.commands.at(-1)).to.deep.equal(['hangUp']);
    await show({ status: 'idle' });
    await sendKeys({ press: 'Alt+m' });
    expect(service.commands).to.have.length(3);
  });

  it('shows that the other member is muted after that is known', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ members: pair({}, { microphone: false }) }));
    expect(textOf(element, '.centre')).not.to.contain('Microphone is off');
    service.$remoteMedia.set(new Map([['ben', { stream: undefined, screen: undefined }]]));
    await element.updateComplete;
    expect(textOf(element, '.centre')).to.contain('Microphone is off');
  });

  it('measures the duration by the monotonic clock', async () => {
    const { element, show } = await view();
    const RealDate = Date;
    try {
      await show(ongoing({ startedAt: Date.now() - 2_000 }));
      for (const hours of [3, -3]) {
        const now = (): number => RealDate.now() + hours * 3_600_000;
        globalThis.Date = new Proxy(RealDate, {
          get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
        });
        const before = textOf(element, '[role=timer]');
        await waitUntil(() => textOf(element, '[role=timer]') !== before, 'a second');
        expect(textOf(element, '[role=timer]')).to.match(/^\d:\d\d$/);
      }
    } finally {
      globalThis.Date = RealDate;
    }
  });

  it('shows why the call ended and its duration, without the controls of the call', async () => {
    const { element, show } = await view();
    await show(ongoing({ startedAt: Date.now() - 65_000 }));
    await show(ongoing({ startedAt: Date.now() - 65_000, status: 'ended', endReason: 'hung-up' }));
    expect(textOf(element, '.centre')).to.match(/^BO Ben Ortiz Call ended 1:\d\d$/);
    const buttons = [...(element.shadowRoot?.querySelectorAll('button') ?? [])];
    expect(buttons.map((each) => each.getAttribute('part'))).to.deep.equal(['close-end-button']);
    expect(parts(element, 'tile')).to.have.length(0);
    await show(ongoing({ status: 'ended', endReason: 'connection-lost' }));
    expect(textOf(element, '.centre')).to.contain('Connection lost');
  });

  it('says whose connection was lost while it is being restored, and whose is poor', async () => {
    const { element, show } = await view();
    await show(ongoing({ status: 'reconnecting' }));
    expect(textOf(element)).to.contain('Reconnecting…');
    await show(ongoing({ status: 'reconnecting', members: pair({ connection: 'lost' }, {}) }));
    expect(textOf(element)).to.contain('Your connection was lost. Reconnecting…');
    await show(ongoing({ status: 'reconnecting', members: pair({}, { connection: 'lost' }) }));
    expect(textOf(element)).to.contain('Ben Ortiz’s connection was lost. Reconnecting…');
    await show(ongoing({ members: pair({ connection: 'poor' }, { connection: 'good' }) }));
    expect(textOf(element)).to.contain('Your connection is poor');
    await show(ongoing({ members: pair({ connection: 'good' }, { connection: 'poor' }) }));
    expect(textOf(element)).to.contain('Ben Ortiz’s connection is poor');
    await show(ongoing({ members: pair({ connection: 'good' }, { connection: 'fair' }) }));
    expect(textOf(element)).not.to.match(/poor|lost/);
  });

  it('shows who, why and for how long after the end, in the places of the call', async () => {
    const { element, provider, service, show } = await view();
    Object.assign(provider.style, { display: 'block', blockSize: '500px' });
    await show(ongoing());
    const topOf = (selector: string): number =>
      element.shadowRoot!.querySelector(selector)!.getBoundingClientRect().top;
    const places = (): number[] => ['.centre .avatar', '.centre .name'].map(topOf);
    const before = places();
    const ended = {
      ...service.$call.get(),
      ...({ status: 'ended', endReason: 'connection-lost' } as const),
    };
    service.$endedCall.set(ended);
    await show(ended);
    expect(textOf(element, '.centre')).to.equal('BO Ben Ortiz Connection lost 12:47');
    expect(places()).to.deep.equal(before);
    await show({ status: 'idle', callID: '' });
    expect(textOf(element, '.centre')).to.equal('BO Ben Ortiz Connection lost 12:47');
    expect(places()).to.deep.equal(before);
    await expectAccessible(element);
  });

  it('has notes with the same space above and below, as wide as the tiles', async () => {
    const { element, provider, service, show } = await view();
    Object.assign(provider.style, { display: 'block', inlineSize: '296px', blockSize: '568px' });
    service.$localMedia.set({ ...NO_MEDIA, speakingWhileMuted: true });
    await show(ongoing());
    const root = element.shadowRoot!;
    const [note, notes, stage] = ['.note', '.notes', '.stage'].map((part) =>
      root.querySelector<HTMLElement>(part)!.getBoundingClientRect(),
    );
    const text = document.createRange();
    const walker = document.createTreeWalker(root.querySelector('.note')!, NodeFilter.SHOW_TEXT);
    const boxes: DOMRect[] = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.textContent?.trim()) continue;
      text.selectNodeContents(walker.currentNode);
      boxes.push(...text.getClientRects());
    }
    expect(new Set(boxes.map(({ top }) => Math.round(top))).size, 'lines').to.equal(2);
    const above = Math.min(...boxes.map(({ top }) => top)) - note!.top;
    const below = note!.bottom - Math.max(...boxes.map(({ bottom }) => bottom));
    expect(above).to.be.closeTo(below, 2);
    expect(note!.left - stage!.left).to.be.at.least(12);
    expect(notes!.width).to.equal(stage!.width - 2);
    expect(root.querySelector<HTMLElement>('.note button')!.offsetHeight).to.equal(44);
    expect(root.querySelector('.notes')!.scrollHeight).to.equal(Math.round(notes!.height));
    provider.style.cssText = '';
  });

  it('fits into 320 pixels, with buttons large enough for touch', async () => {
    await setViewport({ width: 320, height: 568 });
    const stage = await view();
    const { element, show } = stage;
    withDevices(stage);
    await show(ongoing({ callType: 'video' }));
    for (const minimised of [false, true]) {
      element.minimised = minimised;
      await element.updateComplete;
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      for (const one of element.shadowRoot?.querySelectorAll('button') ?? []) {
        // Full screen is not offered in a narrow view.
        if (one.matches('.full-screen')) continue;
        expect(Math.min(one.offsetHeight, one.offsetWidth)).to.be.at.least(44);
      }
    }
    await setViewport({ width: 800, height: 600 });
  });

  it('passes the accessibility checks', async () => {
    const stage = await view();
    const { element, service, show } = stage;
    withDevices(stage);
    service.$localMedia.set({ ...NO_MEDIA, stream: picture(), camera: 'on', microphone: 'on' });
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: picture() }]]));
    await show(ongoing({ status: 'connecting', startedAt: undefined }));
    await expectAccessible(element);
    await show(ongoing({ callType: 'video', members: pair({ camera: true }, { camera: true }) }));
    await expectAccessible(element);
    element.shadowRoot?.querySelector<HTMLElement>('.round[aria-expanded]')?.click();
    await element.updateComplete;
    await expectAccessible(element);
    element.minimised = true;
    await expectAccessible(element);
    element.minimised = false;
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'unavailable', camera: 'unavailable' });
    await show(ongoing({ status: 'reconnecting', members: pair({}, { microphone: false }) }));
    await expectAccessible(element);
    await show(ongoing({ status: 'ended', endReason: 'hung-up' }));
    await expectAccessible(element);
  });
});
