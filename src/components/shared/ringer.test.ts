import { expect, waitUntil } from '@open-wc/testing';
import { Ringer } from './ringer.js';

const contexts: AudioContext[] = [];
const running = (): AudioContext => {
  const context = new AudioContext();
  contexts.push(context);
  return context;
};
/** As on a page without any user action. */
const suspended = (): AudioContext => {
  const context = running();
  void context.suspend();
  return context;
};

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
    const ringer = new Ringer(() => changes++, suspended);
    ringer.start('incoming', undefined);
    await waitUntil(() => ringer.blocked);
    ringer.unblock();
    await waitUntil(() => !ringer.blocked);
    expect(contexts[0]?.state).to.equal('running');
    expect(changes).to.equal(2);
    ringer.stop();
  });

  it('is not blocked after it has stopped', async () => {
    const ringer = new Ringer(() => {}, suspended);
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

  it('plays the built-in tone if the URL fails', async () => {
    const ringer = new Ringer(() => {}, running);
    ringer.start('incoming', 'data:audio/wav;base64,AAAA');
    await waitUntil(() => contexts.length === 1);
    ringer.stop();
    await waitUntil(() => contexts[0]?.state === 'closed');
  });
});
