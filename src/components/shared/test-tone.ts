/** Length of the test tone, in seconds. */
const SECONDS = 1;

/**
 * Plays a short test tone. Must be called in a handler of a user action.
 * @param deviceId the audio output; `''` is the default one
 * @throws {DOMException} `NotFoundError`, `NotAllowedError` if that output can't be used
 */
export async function playTestTone(deviceId: string): Promise<void> {
  const context = new AudioContext();
  const audio = new Audio();
  try {
    const output = context.createMediaStreamDestination();
    for (const [start, hertz] of [
      [0, 587],
      [0.25, 880],
    ] as const) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = context.currentTime + start;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0.25, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + SECONDS - start);
      tone.connect(volume).connect(output);
      tone.start(at);
      tone.stop(at + SECONDS - start);
    }
    // An element can play on another output in all browsers that let pages select one.
    if (deviceId && 'setSinkId' in audio) await audio.setSinkId(deviceId);
    audio.srcObject = output.stream;
    await audio.play();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
  } finally {
    audio.srcObject = null;
    await context.close();
  }
}
