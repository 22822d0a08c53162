/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import type { CallSnapshot, Member, RemoteMediaSnapshot } from '../../core/service/types.js';
import { drawnPicture } from '../../../test/support/call-media.js';
import { areLinksOpening, RenderPace } from './render-pace.js';

const member = (userID: string, more: Partial<Member> = {}): Member =>
  ({ userID, state: 'accepted', self: userID === 'me', camera: false, ...more }) as Member;
const call = (...members: Member[]): CallSnapshot =>
  ({ status: 'active', members: [member('me'), ...members] }) as unknown as CallSnapshot;
const media = (...users: string[]): ReadonlyMap<string, RemoteMediaSnapshot> =>
  new Map(users.map((user) => [user, { stream: new MediaStream(), screen: undefined }]));

describe('renders while links of a group come up', () => {
  it('are at least 200 ms apart, and the first one is immediate', async () => {
    let remote = media('ann');
    const pace = new RenderPace(() => [call(member('ann'), member('bob')), remote]);
    const times: number[] = [];
    const render = (): void => void times.push(performance.now());
    expect(pace.run(render)).to.equal(undefined);
    await pace.run(render);
    const [first = NaN, second = NaN] = times;
    expect(second - first).to.be.within(190, 1_500);
    remote = media('ann', 'bob');
    expect(pace.isSlow).to.equal(false);
    expect(pace.run(render)).to.equal(undefined);
    expect(times).to.have.length(3);
  });

  it('are those until every member who is in has media, with the picture if the camera is on', () => {
    const group = call(member('ann'), member('bob'));
    expect(areLinksOpening(group, media('ann'))).to.equal(true);
    expect(areLinksOpening(group, media('ann', 'bob'))).to.equal(false);
    const filmed = call(member('ann'), member('bob', { camera: true }));
    expect(areLinksOpening(filmed, media('ann', 'bob'))).to.equal(true);
    const stream = drawnPicture();
    const seen = new Map([...media('ann'), ['bob', { stream, screen: undefined }]]);
    expect(areLinksOpening(filmed, seen)).to.equal(false);
    for (const track of stream.getTracks()) track.stop();
  });

  it('are none in a call of two, of members who have not answered, and after the end', () => {
    expect(areLinksOpening(call(member('ann')), undefined)).to.equal(false);
    const group = call(member('ann'), member('bob', { state: 'ringing' }));
    expect(areLinksOpening(group, media('ann'))).to.equal(false);
    const ended = { ...call(member('ann'), member('bob')), status: 'ended' } as const;
    expect(areLinksOpening(ended, undefined)).to.equal(false);
    expect(areLinksOpening(undefined, undefined)).to.equal(false);
  });
});
