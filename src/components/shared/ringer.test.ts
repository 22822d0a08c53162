import { expect } from '@open-wc/testing';
import { Ringer } from './ringer.js';
import { waitUntil } from '../../../test/support/wait-until.js';

const contexts: AudioContext[] = [];
const running = (): AudioContext => {
  const context = new AudioContext();
  contexts.push(context);
  return context;
};
/** As on a page without any user action: the context may not run until the next call of `allow`. */
function suspended() {
  const context = running();
  const resume = context.resume.bind(context);
  let isAllowed = false;
  context.resume = () => (isAllowed ? resume() : new Promise(() => {}));
  void context.suspend();
  return {
    context,
    allow: () => {
      isAllowed = true;
    },
  };
}
/** A ringer that records its audio elements. */
function recordAudio() {
  const created: HTMLAudioElement[] = [];
  const createAudio = (source: string): HTMLAudioElement => {
    const audio = new Audio(source);
    created.push(audio);
    return audio;
  };
  return { created, createAudio };
}

/** Half a second of silence. */
function silence(): string {
  const bytes = new Uint8Array(44 + 4_000);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string) =>
    [...word].forEach((char, i) => view.setUint8(at + i, char.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8_000, true);
  view.setUint32(28, 8_000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, 'data');
  view.setUint32(40, 4_000, true);
  bytes.fill(128, 44);
  return URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }));
}

describe('Ringer', () => {
  afterEach(() => {
    for (const context of contexts.splice(0)) if (context.state !== 'closed') void context.close();
  });

  for (const tone of ['incoming', 'outgoing'] as const) {
    it('rings on the selected output, and on the default one if that is not available', async () => {
      const outputs: string[] = [];
      const routed = (): AudioContext =>
        Object.assign(running(), {
          setSinkId: (id: string) => {
            outputs.push(id);
            return Promise.reject(new DOMException('It was unplugged.', 'NotFoundError'));
          },
        });
      const ringer = new Ringer(() => {}, routed);
      ringer.start('incoming', undefined, undefined, 'speaker');
      expect(outputs).to.deep.equal(['speaker']);
      expect(ringer.ringing).to.equal(true);
      ringer.stop();
      ringer.start('outgoing', undefined);
      expect(outputs).to.have.length(1);
      ringer.stop();
    });

    it(`plays the built-in tone, and closes its audio context: ${tone}`, async () => {
      const ringer = new Ringer(() => {}, running);
      ringer.start(tone, undefined);
      ringer.start(tone, undefined);
      expect(contexts).to.have.length(1);
      await waitUntil(() => contexts[0]?.state === 'running');
      expect(ringer.blocked).to.equal(false);
      ringer.stop();
      await waitUntil(() => contexts[0]?.state === 'closed');
      expect(ringer.ringing).to.equal(false);
    });
  }

  it('reports that the browser blocks it, and rings after a press', async () => {
    let changes = 0;
    const { context, allow } = suspended();
    const ringer = new Ringer(
      () => changes++,
      () => context,
    );
    ringer.start('incoming', undefined);
    await waitUntil(() => ringer.blocked);
    allow();
    ringer.unblock();
    await waitUntil(() => !ringer.blocked);
    expect(contexts[0]?.state).to.equal('running');
    expect(changes).to.equal(2);
    ringer.stop();
  });

  it('is not blocked after it has stopped', async () => {
    const { context } = suspended();
    const ringer = new Ringer(
      () => {},
      () => context,
    );
    ringer.start('incoming', undefined);
    await waitUntil(() => ringer.blocked);
    ringer.stop();
    expect(ringer.blocked).to.equal(false);
  });

  it('plays the sound of a URL without an audio context', async () => {
    const ringer = new Ringer(() => {}, running);
    ringer.start('incoming', silence());
    expect(ringer.ringing).to.equal(true);
    expect(contexts).to.have.length(0);
    ringer.stop();
    expect(ringer.ringing).to.equal(false);
  });

  it('starts softly and becomes louder, only for an incoming call', async () => {
    const { created, createAudio } = recordAudio();
    const ringer = new Ringer(() => {}, running, createAudio);
    ringer.start('outgoing', silence());
    ringer.stop();
    ringer.start('incoming', silence());
    const [outgoing, incoming] = created;
    expect(outgoing?.volume).to.equal(1);
    expect(incoming?.volume).to.be.below(0.5);
    const first = incoming!.volume;
    await waitUntil(() => incoming!.volume > first);
    ringer.stop();
  });

  it('plays a built-in ringtone by its name', () => {
    const ringer = new Ringer(() => {}, running);
    ringer.start('incoming', 'ringkit:bell');
    expect(contexts).to.have.length(1);
    ringer.stop();
  });

  it('plays the built-in tone if the URL fails', async () => {
    const ringer = new Ringer(() => {}, running);
    ringer.start('incoming', 'data:audio/wav;base64,AAAA');
    await waitUntil(() => contexts.length === 1);
    ringer.stop();
    await waitUntil(() => contexts[0]?.state === 'closed');
  });

  it('continues after the browser suspended its audio context', async () => {
    const ringer = new Ringer(() => {}, running);
    ringer.start('incoming', undefined);
    const [context] = contexts as [AudioContext];
    await waitUntil(() => context.state === 'running');
    await context.suspend();
    await waitUntil(() => context.state === 'running');
    expect(ringer.blocked).to.equal(false);
    ringer.stop();
  });

  it('plays the sound of a URL again after the browser paused it, until it is stopped', async () => {
    const { created, createAudio } = recordAudio();
    const ringer = new Ringer(() => {}, running, createAudio);
    ringer.start('incoming', silence());
    const [audio] = created as [HTMLAudioElement];
    await waitUntil(() => !audio.paused && audio.currentTime > 0);
    audio.pause();
    await waitUntil(() => !audio.paused);
    expect(ringer.blocked).to.equal(false);
    const paused = new Promise((resolve) => audio.addEventListener('pause', resolve));
    ringer.stop();
    await paused;
    expect(audio.paused).to.equal(true);
    expect(contexts).to.have.length(0);
  });

  it('offers to ring aloud if the sound of a URL is paused again, and rings after a press', async () => {
    const { created, createAudio } = recordAudio();
    const ringer = new Ringer(() => {}, running, createAudio);
    ringer.start('incoming', silence());
    const [audio] = created as [HTMLAudioElement];
    await waitUntil(() => audio.currentTime > 0);
    audio.pause();
    await waitUntil(() => !audio.paused);
    audio.pause();
    await waitUntil(() => ringer.blocked);
    expect(audio.paused).to.equal(true);
    ringer.unblock();
    await waitUntil(() => !ringer.blocked);
    expect(audio.paused).to.equal(false);
    ringer.stop();
  });
});
