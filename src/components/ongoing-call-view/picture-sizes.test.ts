/// <reference types="mocha" />
import { expect, html } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import {
  expectAccessible,
  inProvider,
  textOf,
  type ElementFixture,
} from '../../../test/support/elements.js';
import { member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { Member } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';
import { linesShown } from './picture-sizes.js';

defineOnce('ongoing-call-view', OngoingCallView);

const me = (more: Partial<Member> = {}): Member =>
  member(user('ann', 'Ann Berg'), 'accepted', { self: true, microphone: true, ...more });
const other = (userID: string, more: Partial<Member> = {}): Member =>
  member(user(userID, `${userID} Ortiz`), 'accepted', { microphone: true, camera: true, ...more });
const picture = (): MediaStream => document.createElement('canvas').captureStream();

async function view(): Promise<ElementFixture<OngoingCallView>> {
  await setViewport({ width: 900, height: 700 });
  const stage = await inProvider<OngoingCallView>(html`<ongoing-call-view></ongoing-call-view>`);
  const { style } = stage.provider;
  Object.assign(style, { display: 'block', inlineSize: '720px', blockSize: '540px' });
  return stage;
}

describe('sizes of pictures', () => {
  it('are told for each member, at most as large as the tiles', async () => {
    const { service, show } = await view();
    await show(ongoing({ members: [me(), other('ben'), other('eva'), other('gus')], group: true }));
    await waitUntil(() => service.pictureSizes.size === 3, 'all sizes');
    for (const { camera } of service.pictureSizes.values()) {
      expect(camera).to.be.within(100, 400 * devicePixelRatio);
    }
    await show(ongoing({ members: [me(), other('ben')] }));
    await waitUntil(() => service.pictureSizes.size === 1);
    await waitUntil(() => (service.pictureSizes.get('ben')?.camera ?? 0) >= 400, 'a large tile');
  });

  it('are 0 while the view is minimised, and those of the tiles again afterwards', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ members: [me(), other('ben')] }));
    await waitUntil(() => (service.pictureSizes.get('ben')?.camera ?? 0) > 0);
    element.minimised = true;
    await waitUntil(() => service.pictureSizes.get('ben')?.camera === 0, 'minimised');
    expect(service.pictureSizes.get('ben')).to.deep.equal({ camera: 0, screen: 0 });
    element.minimised = false;
    await waitUntil(() => (service.pictureSizes.get('ben')?.camera ?? 0) > 0, 'restored');
  });

  it('are 0 for a tile that is hidden or scrolled out of view', async () => {
    const { provider, service, show } = await view();
    await show(ongoing({ members: [me(), other('ben')] }));
    await waitUntil(() => (service.pictureSizes.get('ben')?.camera ?? 0) > 0);
    provider.style.visibility = 'hidden';
    provider.style.inlineSize = '700px';
    await waitUntil(() => service.pictureSizes.get('ben')?.camera === 0, 'hidden');
    provider.style.visibility = '';
    provider.style.inlineSize = '720px';
    await waitUntil(() => (service.pictureSizes.get('ben')?.camera ?? 0) > 0, 'shown');
    Object.assign(provider.style, { position: 'absolute', insetBlockStart: '-2000px' });
    await waitUntil(() => service.pictureSizes.get('ben')?.camera === 0, 'out of view');
  });

  it('are unknown after the view was removed', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ members: [me(), other('ben')] }));
    await waitUntil(() => service.pictureSizes.size === 1);
    element.remove();
    await waitUntil(() => service.pictureSizes.size === 0);
  });

  it('are the shorter side of what is visible', () => {
    expect(linesShown(1_600, 900, 16 / 9, false)).to.equal(900);
    expect(linesShown(400, 900, 16 / 9, false)).to.equal(900);
    expect(linesShown(1_600, 450, 16 / 9, false)).to.equal(900);
    expect(linesShown(1_600, 450, 16 / 9, true)).to.equal(450);
    expect(linesShown(450, 800, 9 / 16, false)).to.equal(450);
  });
});

describe('paused and unwanted pictures', () => {
  const PAUSED = 'Picture paused to keep the sound clear';

  it('are named in the tile of their sender, at both ends', async () => {
    const { element, service, show } = await view();
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: undefined }]]));
    await show(ongoing({ members: [me(), other('ben', { picturePaused: true })] }));
    expect(textOf(element, '[data-user=ben] .state')).to.equal(PAUSED);
    expect(element.shadowRoot?.querySelector('[data-user=ann] .state')).to.equal(null);
    await expectAccessible(element);
    const mine = me({ camera: true });
    await show(ongoing({ members: [mine, other('ben', { ownPicturePaused: true })] }));
    expect(textOf(element, '[data-user=ann] .state')).to.equal(PAUSED);
    await show(
      ongoing({
        members: [mine, other('ben', { ownPicturePaused: true }), other('eva')],
        group: true,
      }),
    );
    expect(textOf(element, '[data-user=ann] .state')).to.equal(
      'Picture paused for ben Ortiz to keep the sound clear',
    );
  });

  it('are avatars while incoming video is off', async () => {
    const { element, service, show } = await view();
    service.$remoteMedia.set(new Map([['ben', { stream: picture(), screen: picture() }]]));
    await show(ongoing({ members: [me(), other('ben')] }));
    const videos = (): number => element.shadowRoot?.querySelectorAll('video').length ?? 0;
    expect(videos()).to.equal(2);
    service.$incomingVideo.set(false);
    await element.updateComplete;
    expect(videos()).to.equal(0);
  });
});
