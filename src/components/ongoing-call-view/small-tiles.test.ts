import { expect, html } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { render } from 'lit';
import { inProvider } from '../../../test/support/elements.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { NO_CALL, NO_MEDIA, member, ongoing, user } from '../../../test/support/fake-service.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import type { Member } from '../../core/service/snapshots.js';
import { en } from '../../locales/en.js';
import { avatar } from '../shared/avatar.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';
import { smallWindowCSS } from './picture-in-picture.styles.js';
import { smallWindowTemplate } from './small-window.js';
import { tilesOf } from './tiles.js';

defineOnce('ongoing-call-view', OngoingCallView);

const LANGUAGES = 'ar de en es fr hi it ja ko nl pl pt tr uk zh'.split(' ');
const me = member(user('ann', 'Ann Berg'), 'accepted', { self: true });
const names = ['Ben Ortiz', 'Chen Li', 'Dana', 'Eko Saputra-Wijayakusuma', 'فاطمة الزهراء', 'Gus'];
const [ben, chen, dana, eko, fatima, gus] = names.map((name) => user(name.slice(0, 3), name)) as [
  ...[CallUser, CallUser, CallUser, CallUser, CallUser, CallUser],
];

/** Members of each state, with and without a camera. */
const everyState: readonly Member[] = [
  me,
  member(ben, 'accepted'),
  member(chen, 'reconnecting'),
  member(dana, 'reconnecting', { camera: true }),
  member(eko, 'accepted', { camera: true, picturePaused: true }),
  member(fatima, 'ringing'),
  member(gus, 'unreachable'),
];

function camera(width: number, height: number): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')!.fillRect(0, 0, width, height);
  return canvas.captureStream();
}

const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();
const isVisible = (element: Element): boolean => boxOf(element).width > 1;
const overlap = (a: DOMRect, b: DOMRect): boolean =>
  a.left < b.right - 0.5 &&
  b.left < a.right - 0.5 &&
  a.top < b.bottom - 0.5 &&
  b.top < a.bottom - 0.5;

/** Expects that names, avatars and states of these tiles are complete, and that none covers another. */
function expectReadable(tiles: readonly Element[], where: string): void {
  expect(tiles, where).not.to.have.length(0);
  for (const tile of tiles) {
    const box = boxOf(tile);
    const about = `${where}: ${tile.textContent?.replace(/\s+/g, ' ')} ${box.width} × ${box.height}`;
    const parts = ['.avatar', '.tag', '.state'].flatMap((selector) => [
      ...tile.querySelectorAll(selector),
    ]);
    const visible = parts.filter(isVisible);
    for (const [index, part] of visible.entries()) {
      const { left, right, top, bottom } = boxOf(part);
      expect(left, `left of ${part.className}, ${about}`).to.be.at.least(box.left - 0.5);
      expect(right, `right of ${part.className}, ${about}`).to.be.at.most(box.right + 0.5);
      expect(top, `top of ${part.className}, ${about}`).to.be.at.least(box.top - 0.5);
      expect(bottom, `bottom of ${part.className}, ${about}`).to.be.at.most(box.bottom + 0.5);
      for (const other of visible.slice(index + 1)) {
        const both = `${part.className} and ${other.className}, ${about}`;
        expect(overlap(boxOf(part), boxOf(other)), both).to.equal(false);
      }
    }
    for (const state of tile.querySelectorAll('.state')) {
      expect(state.scrollWidth, about).to.be.at.most(state.clientWidth);
      expect([...state.children].filter(isVisible), about).to.have.length(1);
    }
  }
}

describe('small tiles', () => {
  after(() => setViewport({ width: 800, height: 600 }));

  for (const size of ['320x600', '390x780', '320x256', '844x390', '720x540', '1280x800'])
    it(`show names, avatars and states beside each other in each language: ${size}`, async () => {
      const [width = 0, height = 0] = size.split('x').map(Number);
      await setViewport({ width, height });
      const pictures = [dana, eko].map(
        ({ userID }) => [userID, { ...NO_MEDIA, stream: camera(160, 120) }] as const,
      );
      const group = ongoing({ group: true, callType: 'video', members: everyState });
      const pair = ongoing({
        ...{ group: true, callType: 'video' },
        members: [me, member(ben, 'accepted', { camera: true }), member(gus, 'unreachable')],
      });
      for (const lang of LANGUAGES) {
        const stage = await inProvider<OngoingCallView>(
          html`<ongoing-call-view lang=${lang}></ongoing-call-view>`,
        );
        const { element, provider, service } = stage;
        Object.assign(provider.style, { display: 'block', position: 'fixed', inset: '0' });
        const root = element.shadowRoot!;
        const tiles = (): Element[] => [...root.querySelectorAll('.tile:not(.main)')];
        service.$remoteMedia.set(new Map(pictures));
        await stage.show(pair);
        await waitUntil(() => root.querySelector('.stage')?.getAttribute('lang') === lang, lang);
        expectReadable(tiles(), `pair, ${lang}`);
        await stage.show(group);
        expectReadable(tiles(), `group, ${lang}`);
        root.querySelector<HTMLElement>('.pin')!.click();
        await element.updateComplete;
        expectReadable(tiles(), `enlarged, ${lang}`);
        element.remove();
      }
    });

  it('show only the name of a member whose small screen it is, in the direction of the name', async () => {
    const stage = await inProvider<OngoingCallView>(
      html`<ongoing-call-view lang="ar"></ongoing-call-view>`,
    );
    const { element, service } = stage;
    const root = element.shadowRoot!;
    const screens = [ben, chen].map(
      ({ userID }) => [userID, { ...NO_MEDIA, screen: camera(160, 90) }] as const,
    );
    service.$remoteMedia.set(new Map(screens));
    const members = [me, ...[ben, chen].map((one) => member(one, 'accepted'))];
    await stage.show(ongoing({ group: true, members }));
    await waitUntil(() => root.querySelector('.stage')?.getAttribute('lang') === 'ar');
    const [first, small] = root.querySelectorAll<HTMLElement>(
      '.first .tag, .screen:not(.first) .tag',
    );
    const texts = [first, small].map((tag) => tag?.querySelector('bdi')?.textContent);
    expect(texts.sort()).to.deep.equal(['Ben Ortiz', 'يشارك Chen Li الشاشة الآن'].sort());
    const name = root.querySelector<HTMLElement>('.screen:not(.first) bdi')!;
    expect(getComputedStyle(name).direction).to.equal('ltr');
    expect(root.querySelector('.screen:not(.first) .tag .hidden')?.textContent).to.equal(
      'يشارك Ben Ortiz الشاشة الآن',
    );
  });

  for (const [width, height] of [
    [240, 280],
    [340, 280],
    [240, 200],
    [420, 236],
  ] as const)
    for (const count of [2, 3, 5, 8])
      it(`show the same in the small window: ${count} members, ${width} × ${height}`, async () => {
        await setViewport({ width, height });
        const host = document.createElement('div');
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(smallWindowCSS);
        const root = host.attachShadow({ mode: 'open' });
        root.adoptedStyleSheets = [sheet];
        Object.assign(host.style, { position: 'fixed', inset: '0' });
        document.body.append(host);
        const people = Array.from({ length: count - 1 }, (_, index) =>
          member(user(`u${index}`, names[index % names.length]), 'accepted'),
        );
        const call = ongoing({ group: count > 2, members: [me, ...people] });
        render(
          smallWindowTemplate({
            ...{ texts: en, avatar, names: 'Ben', status: '' },
            ...{
              tiles: tilesOf({ ...NO_CALL, ...call }, undefined, undefined),
              enlarged: undefined,
            },
            muted: () => true,
            time: html`<time>1:12:47</time>`,
            controls: html`<button class="control">M</button
              ><button class="control end">E</button>`,
          }),
          root,
        );
        const tiles = [...root.querySelectorAll('.tile')];
        expectReadable(tiles, 'small window');
        const chips = [...root.querySelectorAll('.about > :not(:empty)')].filter(isVisible);
        for (const chip of chips)
          for (const part of root.querySelectorAll('.avatar, .tag'))
            expect(
              overlap(boxOf(chip), boxOf(part)),
              `${chip.textContent} covers ${part.className}`,
            ).to.equal(false);
        host.remove();
      });
});
