import { expect, html } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import {
  expectAccessible,
  hasPart,
  inProvider,
  textOf,
  type ElementFixture,
} from '../../../test/support/elements.js';
import { NO_MEDIA, member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { MemberState } from '../../core/protocol/vocabulary.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

const ann = user('ann', 'Ann Berg');
const names = [
  'Ben Ortiz',
  'Chen Li',
  'Dana',
  'Eko Saputra',
  'Fatima al-Zahra',
  'Gus',
  'Hana Mori',
];
const others = names.map((name) => user(name.split(' ')[0]!.toLowerCase(), name));
const me = member(ann, 'accepted', { self: true, microphone: true });

/** A call with this number of members, including this user. */
const group = (count: number, more: Partial<CallSnapshot> = {}): Partial<CallSnapshot> =>
  ongoing({
    group: count > 2,
    members: [
      me,
      ...others.slice(0, count - 1).map((one) => member(one, 'accepted', { microphone: true })),
    ],
    ...more,
  });

/** A call of Ann and Ben, with invited members in these states. */
const waitingFor = (...states: MemberState[]): Member[] => [
  me,
  member(others[0]!, 'accepted', { microphone: true }),
  ...states.map((state, index) => member(others[index + 1]!, state)),
];

const picture = (): MediaStream => document.createElement('canvas').captureStream();

async function view(width = '720px', height = '540px'): Promise<ElementFixture<OngoingCallView>> {
  const stage = await inProvider<OngoingCallView>(html`<ongoing-call-view></ongoing-call-view>`);
  const { style } = stage.provider;
  Object.assign(style, { display: 'block', inlineSize: width, blockSize: height });
  return stage;
}
const tilesIn = (element: Element): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>('.tile') ?? []),
];
const pins = (element: Element): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>('.pin') ?? []),
];
const pressedPins = (element: Element): number[] =>
  pins(element).flatMap((pin, index) => (pin.ariaPressed === 'true' ? [index] : []));
const speakers = (element: Element): (string | undefined)[] =>
  tilesIn(element)
    .filter((tile) => tile.classList.contains('speaking'))
    .map((tile) => tile.dataset['user']);
const area = (tile: Element): number => {
  const { width, height } = tile.getBoundingClientRect();
  return width * height;
};

/** A camera with pictures of this size. */
function camera(width: number, height: number): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')!.fillRect(0, 0, width, height);
  return canvas.captureStream();
}

/**
 * Expects that every tile is visible between the title and the controls, not too small, and not covered by another.
 */
function expectWellPlaced(element: HTMLElement, least: readonly [number, number]): void {
  const places = tilesIn(element).map((tile) => tile.getBoundingClientRect());
  const space = element.shadowRoot!.querySelector('.tiles')!.getBoundingClientRect();
  for (const [index, { left, right, top, bottom, width, height }] of places.entries()) {
    expect(left, 'left').to.be.at.least(space.left);
    expect(right, 'right').to.be.at.most(space.right + 0.1);
    expect(top, 'top').to.be.at.least(space.top);
    expect(bottom, 'bottom').to.be.at.most(space.bottom + 0.1);
    expect(width, 'width').to.be.at.least(least[0]);
    expect(height, 'height').to.be.at.least(least[1]);
    for (const other of places.slice(index + 1)) {
      const apart =
        other.left >= right - 0.1 ||
        other.right <= left + 0.1 ||
        other.top >= bottom - 0.1 ||
        other.bottom <= top + 0.1;
      expect(apart, `tile ${index} overlaps another`).to.equal(true);
    }
  }
}

describe('<ongoing-call-view> of a group', () => {
  after(() => setViewport({ width: 800, height: 600 }));

  it('crops at most a quarter of a picture, whatever its aspect ratio', async () => {
    const { element, service, show } = await view();
    const cameras: [string, MediaStream, number][] = [
      ['ben', camera(90, 160), 90 / 160],
      ['chen', camera(160, 90), 160 / 90],
      ['dana', camera(160, 40), 4],
    ];
    const streams = cameras.map(([id, stream]) => [id, { ...NO_MEDIA, stream }] as const);
    service.$remoteMedia.set(new Map(streams));
    const members = others
      .slice(0, 3)
      .map((one) => member(one, 'accepted', { microphone: true, camera: true }));
    await show(group(4, { callType: 'video', members: [me, ...members] }));
    for (const [id, , ratio] of cameras) {
      const tile = tilesIn(element).find(({ dataset }) => dataset['user'] === id)!;
      const video = tile.querySelector('video')!;
      await waitUntil(() => video.style.getPropertyValue('--_aspect') === String(ratio), id);
      const [picture, place] = [video.getBoundingClientRect(), tile.getBoundingClientRect()];
      const shown = picture.width / picture.height;
      expect(Math.min(shown / ratio, ratio / shown), id).to.be.at.least(0.749);
      expect(picture.width, id).to.be.at.most(place.width + 0.1);
      expect(picture.height, id).to.be.at.most(place.height + 0.1);
      const isFull = (own: number, whole: number) => Math.abs(own - whole) < 0.5;
      expect(
        isFull(picture.width, place.width) || isFull(picture.height, place.height),
        id,
      ).to.equal(true);
      const middle = ({ left, width }: DOMRect) => left + width / 2;
      expect(middle(picture)).to.be.closeTo(middle(place), 0.5);
    }
  });

  it('has tiles in the shape of the pictures, with nothing empty beside them', async () => {
    for (const [width, height] of [
      ['390px', '780px'],
      ['320px', '568px'],
      ['720px', '540px'],
    ] as const)
      for (const [across, down] of [
        [160, 90],
        [160, 120],
        [90, 160],
      ] as const) {
        const { element, service, show } = await view(width, height);
        const members = others
          .slice(0, 4)
          .map((one) => member(one, 'accepted', { microphone: true, camera: true }));
        const streams = members.map(
          ({ userID }) => [userID, { ...NO_MEDIA, stream: camera(across, down) }] as const,
        );
        service.$remoteMedia.set(new Map(streams));
        await show(group(5, { callType: 'video', members: [me, ...members] }));
        const videos = [...element.shadowRoot!.querySelectorAll('video')].slice(0, 4);
        const isFilled = (video: Element): boolean => {
          const [picture, place] = [video, video.parentElement!].map((each) =>
            each.getBoundingClientRect(),
          );
          return (
            Math.abs(picture!.width - place!.width) < 1 &&
            Math.abs(picture!.height - place!.height) < 1
          );
        };
        const about = `${across} × ${down} in ${width}`;
        expect(videos).to.have.length(4);
        await waitUntil(() => videos.every(isFilled), about);
        pins(element)[0]?.click();
        await element.updateComplete;
        await waitUntil(() => isFilled(videos[0]!), `enlarged, ${about}`);
        element.remove();
      }
  });

  for (const [name, width, height] of [
    ['phone', 390, 780],
    ['narrow phone', 320, 568],
    ['phone on its side', 780, 390],
    ['desktop', 1280, 800],
  ] as const) {
    it(`fills the space with 2 to 8 tiles, pinned or not: ${name}`, async () => {
      await setViewport({ width, height });
      const { element, show } = await view(`${width}px`, `${height}px`);
      for (let count = 2; count <= 8; count++) {
        // With two members, one tile is on top of the other (picture in picture).
        await show(
          count === 2 ? group(2, { members: waitingFor('ringing', 'ringing') }) : group(count),
        );
        const expected = count === 2 ? 4 : count;
        expect(tilesIn(element)).to.have.length(expected);
        expectWellPlaced(element, [84, 68]);
        const filled = tilesIn(element).reduce((sum, tile) => sum + area(tile), 0);
        const space = element.shadowRoot!.querySelector('.tiles')!;
        expect(filled / area(space)).to.be.at.least(0.6);
        pins(element)[0]?.click();
        await element.updateComplete;
        expectWellPlaced(element, [84, 68]);
        const [first = 0, ...rest] = tilesIn(element).map(area);
        for (const size of rest) expect(first).to.be.greaterThan(size * 1.5);
        pins(element)[0]?.click();
        await element.updateComplete;
      }
    });
  }

  it('adapts the layout to its size without a render', async () => {
    const { element, provider, show } = await view('360px', '640px');
    await show(group(3, { startedAt: undefined }));
    const rows = (): number =>
      new Set(tilesIn(element).map((tile) => tile.getBoundingClientRect().top)).size;
    expect(rows()).to.equal(3);
    let updates = 0;
    element.addController({ hostUpdated: () => updates++ });
    Object.assign(provider.style, { inlineSize: '780px', blockSize: '420px' });
    await waitUntil(() => rows() === 1);
    expect(updates).to.equal(0);
  });

  it('centres an incomplete row', async () => {
    const { element, show } = await view('720px', '560px');
    await show(group(5));
    const places = tilesIn(element).map((tile) => tile.getBoundingClientRect());
    const last = places.filter(({ top }) => top === places.at(-1)!.top);
    expect(last).to.have.length(2);
    const { left, right } = element.getBoundingClientRect();
    expect(last[0]!.left - left).to.be.closeTo(right - last.at(-1)!.right, 1);
  });

  it('shows names, and who is muted', async () => {
    const { element, service, show } = await view();
    const members = [me, member(others[0]!, 'accepted'), member(others[1]!, 'accepted')];
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on' });
    service.$remoteMedia.set(
      new Map([
        ['ben', { stream: undefined, screen: undefined }],
        ['chen', { stream: undefined, screen: undefined }],
      ]),
    );
    await show(
      ongoing({ group: true, members: [me, members[1]!, { ...members[2]!, microphone: true }] }),
    );
    expect(tilesIn(element).map((tile) => tile.querySelector('bdi')?.textContent)).to.deep.equal([
      'Ben Ortiz',
      'Chen Li',
      'You',
    ]);
    const muted = tilesIn(element).map((tile) => !!tile.querySelector('.tag .icon'));
    expect(muted).to.deep.equal([true, false, false]);
  });

  it('enlarges a tile at a press, and makes it small at the next', async () => {
    const { element, show } = await view();
    await show(group(4));
    const [tile] = tilesIn(element);
    expect(pressedPins(element)).to.deep.equal([]);
    pins(element)[1]?.click();
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([1]);
    expect(area(tilesIn(element)[1]!)).to.be.greaterThan(area(tile!) * 3);
    pins(element)[0]?.click();
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([0]);
    // The tile stays the same element at the same place in the document, so its video continues.
    expect(tilesIn(element)[0]).to.equal(tile);
    pins(element)[0]?.click();
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([]);
  });

  it('lets the user enlarge a tile by keyboard', async () => {
    const { element, show } = await view();
    await show(group(3));
    const [pin] = pins(element);
    expect(pin?.ariaLabel).to.equal('Enlarge Ben Ortiz');
    pin?.focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([0]);
    expect(element.shadowRoot?.activeElement).to.equal(pin);
    await sendKeys({ press: 'Space' });
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([]);
  });

  it('drops the pin of a member who has left', async () => {
    const { element, show } = await view();
    await show(group(5));
    pins(element)[2]?.click();
    await element.updateComplete;
    await show(group(4));
    expect(pressedPins(element).length).to.equal(1);
    await show(group(3));
    expect(pressedPins(element)).to.deep.equal([]);
    await show(group(5));
    expect(pressedPins(element)).to.deep.equal([]);
    pins(element)[0]?.click();
    await show({ status: 'idle' });
    await show(group(5));
    expect(pressedPins(element)).to.deep.equal([]);
  });

  it('enlarges a shared screen automatically, until the user presses it', async () => {
    const { element, service, show } = await view();
    const share = (screen: MediaStream | undefined): void =>
      service.$remoteMedia.set(new Map([['ben', { stream: undefined, screen }]]));
    const screen = picture();
    share(screen);
    await show(group(4));
    expect(pressedPins(element)).to.deep.equal([0]);
    expect(tilesIn(element)[0]?.querySelector('video')?.srcObject).to.equal(screen);
    pins(element)[0]?.click();
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([]);
    // The next shared screen is a new one.
    share(undefined);
    await element.updateComplete;
    share(picture());
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([0]);
    pins(element)[2]?.click();
    await element.updateComplete;
    expect(pressedPins(element)).to.deep.equal([2]);
  });

  it('enlarges the screen that was shared last, and switches between several', async () => {
    const { element, service, show } = await view();
    const [bens, chens] = [picture(), picture()];
    const share = async (screens: Record<string, MediaStream>): Promise<void> => {
      const media = Object.entries(screens).map(
        ([userID, screen]) => [userID, { stream: undefined, screen }] as const,
      );
      service.$remoteMedia.set(new Map(media));
      await element.updateComplete;
    };
    const enlarged = () => element.shadowRoot!.querySelector<HTMLElement>('.first')?.dataset.screen;
    await show(group(4));
    await share({ chen: chens });
    expect(enlarged()).to.equal('chen');
    await share({ chen: chens, ben: bens });
    expect(enlarged()).to.equal('ben');
    const other = element.shadowRoot!.querySelector<HTMLElement>('[data-screen=chen] .pin');
    expect(other?.ariaLabel).to.equal('Enlarge Chen Li is sharing their screen');
    other?.click();
    await element.updateComplete;
    expect(enlarged()).to.equal('chen');
    // A pressed screen stays, and the other one replaces it when it ends.
    await share({ chen: chens });
    await share({ chen: chens, ben: bens });
    expect(enlarged()).to.equal('chen');
    await share({ ben: bens });
    expect(enlarged()).to.equal('ben');
    await share({ chen: chens, ben: bens });
    expect(enlarged()).to.equal('chen');
    element.shadowRoot!.querySelector<HTMLElement>('.first .pin')?.click();
    await element.updateComplete;
    expect(enlarged(), 'no screen replaces one that the user made small').to.equal(undefined);
  });

  it('shows which members are reconnecting', async () => {
    const { element, show } = await view();
    const members = [me, member(others[0]!, 'reconnecting'), member(others[1]!, 'accepted')];
    await show(ongoing({ group: true, members }));
    const texts = tilesIn(element).map((tile) => tile.querySelector('.state')?.textContent?.trim());
    expect(texts).to.deep.equal(['Reconnecting…', undefined, undefined]);
  });

  it('has tiles for members who have not answered, but not for those who declined or cannot answer', async () => {
    const { element, show } = await view();
    const members = waitingFor('inviting', 'ringing', 'unreachable', 'declined', 'timeout');
    await show(ongoing({ group: true, members }));
    const waiting = tilesIn(element).filter((tile) => tile.part.contains('waiting-tile'));
    expect(
      waiting.map((tile) => [
        tile.querySelector('bdi')?.textContent,
        tile.querySelector('.state')?.textContent?.trim(),
      ]),
    ).to.deep.equal([
      ['Chen Li', 'Calling…'],
      ['Dana', 'Ringing…'],
      ['Eko Saputra', 'Couldn’t reach them'],
    ]);
    expect(tilesIn(element)).to.have.length(5);
    expect(tilesIn(element).filter((tile) => tile.part.contains('tile'))).to.have.length(2);
  });

  it('keeps the two tiles of a one-to-one call while a third member rings', async () => {
    const { element, show } = await view();
    await show(ongoing({ group: true, members: waitingFor('ringing') }));
    const [large, waiting, own] = tilesIn(element);
    expect(large?.classList.contains('main')).to.equal(true);
    expect(waiting?.part.contains('waiting-tile')).to.equal(true);
    expect(own?.querySelector('bdi')?.textContent).to.equal('You');
    expect(area(large!)).to.be.greaterThan(area(waiting!) * 4);
    expect(waiting!.getBoundingClientRect().bottom).to.be.below(own!.getBoundingClientRect().top);
    expect(pins(element)).to.have.length(0);
  });

  it('cancels an invitation, and keeps the focus in the call', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ group: true, members: waitingFor('ringing', 'ringing') }));
    const [first] = element.shadowRoot!.querySelectorAll<HTMLElement>('.take-back');
    expect(first?.ariaLabel).to.equal('Stop calling Chen Li');
    first?.focus();
    await sendKeys({ press: 'Enter' });
    expect(service.commands).to.deep.equal([['cancelInvitee', 'chen']]);
    await show(ongoing({ group: true, members: waitingFor('canceled', 'ringing') }));
    expect(element.shadowRoot?.activeElement?.localName).to.equal('section');
  });

  it('offers to cancel only own invitations, and not again after the service has rejected it', async () => {
    const { element, provider, service, show } = await view();
    const call = { group: true, initiator: others[0]!, members: waitingFor('ringing', 'ringing') };
    const buttons = (): HTMLElement[] => [
      ...element.shadowRoot!.querySelectorAll<HTMLElement>('.take-back'),
    ];
    await show(ongoing(call));
    expect(buttons()).to.have.length(0);
    provider.config = { inCalling: { canInvitingInCalling: true } };
    provider.renew();
    await element.updateComplete;
    expect(buttons()).to.have.length(2);
    service.inviteesOfOthers.add('chen');
    buttons()[0]?.click();
    await waitUntil(() => buttons().length === 1);
    expect(buttons()[0]?.ariaLabel).to.contain('Dana');
  });

  it('marks who speaks, including this user, also during short pauses', async () => {
    const { element, service, show } = await view();
    await show(group(4));
    service.currentLevels = new Map([
      ['ben', 0.2],
      ['chen', 0.005],
      ['ann', 0.05],
    ]);
    await waitUntil(() => speakers(element).length);
    expect(speakers(element)).to.deep.equal(['ben', 'ann']);
    expect(getComputedStyle(tilesIn(element)[0]!).outlineStyle).to.equal('solid');
    // Between the two levels, a speech continues but does not begin.
    service.currentLevels = new Map([
      ['ben', 0.015],
      ['chen', 0.015],
      ['ann', 0.0],
    ]);
    const { levelRequests: levelLooks } = service;
    await waitUntil(() => service.levelRequests > levelLooks + 1);
    expect(speakers(element)).to.deep.equal(['ben', 'ann']);
    await waitUntil(() => speakers(element).length === 1);
    expect(speakers(element)).to.deep.equal(['ben']);
    service.currentLevels = new Map();
    await waitUntil(() => speakers(element).length === 0);
  });

  it('keeps the mark when tiles are rendered anew', async () => {
    const { element, service, show } = await view();
    await show(group(4));
    service.currentLevels = new Map([['ben', 0.2]]);
    await waitUntil(() => speakers(element).length);
    pins(element)[0]?.click();
    await element.updateComplete;
    expect(speakers(element)).to.deep.equal(['ben']);
  });

  it('does not render for speech, for the time, or while nothing changes', async () => {
    const { element, service, show } = await view();
    await show(group(4));
    // The first sample of the connection quality.
    await waitUntil(() => element.shadowRoot?.querySelector('.bars'));
    let updates = 0;
    element.addController({ hostUpdated: () => updates++ });
    const time = (): string => textOf(element, '[role=timer]');
    const first = time();
    await waitUntil(() => time() !== first, 'the next second');
    const second = time();
    service.currentLevels = new Map([['chen', 0.2]]);
    await waitUntil(
      () => time() !== second && speakers(element).length,
      'the second after it, and a speaker',
    );
    expect(speakers(element)).to.deep.equal(['chen']);
    expect(updates).to.equal(0);
    service.currentQuality = 1;
    await waitUntil(() => element.shadowRoot?.querySelector('.q1'), 'a low quality');
    expect(updates).to.equal(1);
  });

  it('does not measure hidden tiles', async () => {
    const { element, service, show } = await view();
    const looksInAWhile = async (): Promise<number> => {
      const { levelRequests: levelLooks } = service;
      await new Promise((resolve) => setTimeout(resolve, 600));
      return service.levelRequests - levelLooks;
    };
    await show(group(4));
    await waitUntil(() => service.levelRequests > 0);
    element.minimised = true;
    await element.updateComplete;
    expect(await looksInAWhile()).to.equal(0);
    const before = service.levelRequests;
    element.minimised = false;
    await waitUntil(() => service.levelRequests > before);
    await show(group(4, { status: 'reconnecting' }));
    expect(await looksInAWhile()).to.equal(0);
    await show({ status: 'idle' });
    expect(await looksInAWhile()).to.equal(0);
  });

  it('does not fade marks with reduced motion', async () => {
    const { element, show } = await view();
    await show(group(3));
    const fade = (): string => getComputedStyle(tilesIn(element)[0]!).transitionDuration;
    expect(fade()).to.equal('0.15s');
    await emulateMedia({ reducedMotion: 'reduce' });
    expect(fade()).to.equal('0s');
    await emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('has a slot for an invite button', async () => {
    const { element, provider, show } = await inProvider<OngoingCallView>(
      html`<ongoing-call-view><button slot="invite">More</button></ongoing-call-view>`,
    );
    Object.assign(provider.style, { display: 'block', blockSize: '500px' });
    await show(group(3));
    const more = element.querySelector('button')!.getBoundingClientRect();
    const settings = element.shadowRoot!.querySelector('.round[aria-expanded]')!;
    expect(more.right).to.be.at.most(settings.getBoundingClientRect().left);
    expect(hasPart(element, 'hang-up-button')).to.equal(true);
  });

  it('passes the accessibility checks', async () => {
    const { element, service, show } = await view();
    service.$localMedia.set({ ...NO_MEDIA, stream: picture(), camera: 'on', microphone: 'on' });
    const withPictures = group(5);
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: undefined }]]));
    await show({
      ...withPictures,
      members: withPictures.members!.map((one) => ({ ...one, camera: one.userID < 'c' })),
    });
    service.currentLevels = new Map([['ben', 0.2]]);
    await waitUntil(() => speakers(element).length);
    await expectAccessible(element);
    pins(element)[0]?.click();
    await element.updateComplete;
    await expectAccessible(element);
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: picture() }]]));
    await show(
      ongoing({
        group: true,
        members: [...waitingFor('ringing', 'unreachable'), member(others[4]!, 'reconnecting')],
      }),
    );
    expect(textOf(element, '.state')).not.to.equal('');
    await expectAccessible(element);
    await show(ongoing({ group: true, members: waitingFor('ringing') }));
    await expectAccessible(element);
  });
});
