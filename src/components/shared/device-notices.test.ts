import { expect } from '@open-wc/testing';
import type { DeviceList } from '../../core/ports/media.js';
import { DeviceChanges } from './device-notices.js';

const devices = (kind: MediaDeviceKind, ids: string): MediaDeviceInfo[] =>
  [...ids].map((deviceId) => ({
    kind,
    deviceId,
    label: `Label ${deviceId}`,
    groupId: '',
    toJSON: () => ({}),
  }));

/** A list with these microphones and speakers, and those in use. */
const list = (ids: string, selected: DeviceList['selected']): DeviceList => ({
  microphones: devices('audioinput', ids),
  cameras: [],
  speakers: devices('audiooutput', ids),
  selected,
});

/** The notices after each list. */
function run(...lists: DeviceList[]) {
  const changes = new DeviceChanges();
  return lists.map((each) => changes.update(each));
}

describe('DeviceChanges', () => {
  it('notices that an unplugged device was replaced, also while none is open in between', () => {
    const notices = run(
      list('ab', { microphone: 'a' }),
      list('b', { microphone: 'a' }),
      list('b', {}),
      list('b', { microphone: 'b' }),
    );
    expect(notices.slice(0, 3).flat()).to.be.empty;
    expect(notices[3]).to.deep.equal([{ type: 'replaced', lost: 'Label a', used: 'Label b' }]);
  });

  it('notices that a device is used again when it is back', () => {
    const notices = run(
      list('ab', { microphone: 'a' }),
      list('b', { microphone: 'b' }),
      list('ab', { microphone: 'b' }),
      list('ab', { microphone: 'a' }),
    );
    expect(notices[3]).to.deep.equal([{ type: 'returned', used: 'Label a' }]);
  });

  it('notices nothing when the user selects another device, or turns a device off and on', () => {
    const notices = run(
      list('ab', { microphone: 'a' }),
      list('ab', { microphone: 'b' }),
      list('ab', {}),
      list('ab', { microphone: 'a' }),
    );
    expect(notices.flat()).to.be.empty;
  });

  it('notices that the default speaker replaces a selected one, which then returns', () => {
    const notices = run(
      list('ab', {}),
      list('ab', { speaker: 'a' }),
      list('b', {}),
      list('ab', { speaker: 'a' }),
    );
    expect(notices.slice(2)).to.deep.equal([
      [{ type: 'replaced', lost: 'Label a', used: undefined }],
      [{ type: 'returned', used: 'Label a' }],
    ]);
  });
});
