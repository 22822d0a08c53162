import { expect } from '@open-wc/testing';
import { CallMediaSession, type SessionCall } from './call-media-session.js';

const call: SessionCall = {
  title: 'Ben Ortiz',
  artist: 'Video call',
  microphone: true,
  camera: false,
};

function createSession(isUnknown = (_action: string): boolean => false) {
  const handlers = new Map<string, () => void>();
  const port = {
    metadata: null as unknown,
    active: {} as Record<string, boolean>,
    setActionHandler(action: string, handler: (() => void) | null) {
      if (isUnknown(action)) throw new TypeError(action);
      if (handler) handlers.set(action, handler);
      else handlers.delete(action);
    },
    setMicrophoneActive: (on: boolean) => void (port.active['microphone'] = on),
    setCameraActive: (on: boolean) => Promise.reject(Error(String((port.active['camera'] = on)))),
  };
  const pressed: string[] = [];
  const create = () =>
    new CallMediaSession(
      {
        hangup: () => pressed.push('hangup'),
        togglemicrophone: () => pressed.push('microphone'),
        togglecamera: () => pressed.push('camera'),
      },
      port,
    );
  return { port, handlers, pressed, create };
}
const metadataOf = ({ metadata }: { metadata: unknown }) => {
  const { title, artist } = metadata as MediaMetadata;
  return { title, artist };
};

describe('CallMediaSession', () => {
  it('shows names and the kind of the call, and the states of microphone and camera', () => {
    const { port, create } = createSession();
    const session = create();
    session.show(call);
    expect(metadataOf(port)).to.deep.equal({ title: 'Ben Ortiz', artist: 'Video call' });
    expect(port.active).to.deep.equal({ microphone: true, camera: false });
    const before = port.metadata;
    session.show({ ...call, microphone: false, camera: true });
    expect(port.metadata).to.equal(before);
    expect(port.active).to.deep.equal({ microphone: false, camera: true });
    session.show({ ...call, title: 'Ben and Chen' });
    expect(metadataOf(port).title).to.equal('Ben and Chen');
    session.show(undefined);
  });

  it('has actions for hang-up, microphone and camera', () => {
    const { handlers, pressed, create } = createSession();
    const session = create();
    session.show(call);
    for (const [, press] of handlers) press();
    expect(pressed).to.deep.equal(['hangup', 'microphone', 'camera']);
    session.show(undefined);
  });

  it('is cleared at the end, and restores the metadata of the page', () => {
    const { port, handlers, create } = createSession();
    const own = new MediaMetadata({ title: 'A song' });
    port.metadata = own;
    const session = create();
    session.show(call);
    session.show(undefined);
    expect(port.metadata).to.equal(own);
    expect(handlers.size).to.equal(0);
    expect(port.active).to.deep.equal({ microphone: false, camera: false });
  });

  it('keeps metadata that the page has set during the call', () => {
    const { port, create } = createSession();
    const session = create();
    session.show(call);
    port.metadata = 'of the page';
    session.show(undefined);
    expect(port.metadata).to.equal('of the page');
  });

  it('works in a browser that does not know an action', () => {
    const { handlers, create } = createSession((action) => action === 'hangup');
    const session = create();
    session.show(call);
    expect([...handlers.keys()]).to.deep.equal(['togglemicrophone', 'togglecamera']);
    session.show(undefined);
  });

  it('shows the call that started last, and ends only that one', () => {
    const { port, create } = createSession();
    const [first, second] = [create(), create()];
    first.show(call);
    second.show({ ...call, title: 'Chen' });
    expect(metadataOf(port).title).to.equal('Chen');
    second.show(undefined);
    expect(port.metadata).to.equal(null);
    first.show(undefined);
  });
});
