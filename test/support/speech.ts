import { random } from '../simulation/random.js';

const RATE = 48_000;
/** Frequencies of the first three formants of vowels, in Hz (Peterson and Barney, 1952). */
const VOWELS = [
  [730, 1_090, 2_440],
  [270, 2_290, 3_010],
  [530, 1_840, 2_480],
  [570, 840, 2_410],
  [300, 870, 2_240],
] as const;
const BANDWIDTHS = [80, 100, 140];

/** A resonance (Klatt, 1980): a filter with one pair of poles. */
class Resonator {
  #one = 0;
  #two = 0;

  next(input: number, frequency: number, bandwidth: number): number {
    const radius = Math.exp((-Math.PI * bandwidth) / RATE);
    const b = 2 * radius * Math.cos((2 * Math.PI * frequency) / RATE);
    const c = -radius * radius;
    const output = (1 - b - c) * input + b * this.#one + c * this.#two;
    [this.#one, this.#two] = [output, this.#one];
    return output;
  }
}

/**
 * A WAV file (16 bits, mono) that sounds like somebody who speaks without a pause: voiced syllables, four a second. Codecs
 * for speech treat it as speech, unlike the beeps of a browser's fake microphone.
 */
export function speech(seconds: number): Buffer {
  const draw = random(7);
  const samples = new Float64Array(seconds * RATE);
  const resonators = BANDWIDTHS.map(() => new Resonator());
  let [phase, target, pitch] = [0, VOWELS[0] as readonly number[], 120];
  let formants = [...VOWELS[0]] as number[];
  const syllable = RATE / 4;
  for (let index = 0; index < samples.length; index += 1) {
    const at = (index % syllable) / syllable;
    if (at === 0) {
      target = VOWELS[Math.floor(draw() * VOWELS.length)] ?? VOWELS[0];
      pitch = 100 + draw() * 60;
    }
    formants = formants.map((now, number) => now + ((target[number] ?? now) - now) * 0.0004);
    phase += (pitch * (1.1 - 0.2 * at)) / RATE;
    const isPulse = phase >= 1;
    if (isPulse) phase -= 1;
    // A syllable begins with a consonant's noise; its voice rises and falls.
    const noise = (draw() - 0.5) * (at < 0.2 ? 0.3 : 0.01);
    let sample = (isPulse ? 40 : 0) * Math.sin(Math.PI * Math.min(1, at * 1.1)) + noise;
    for (const [number, resonator] of resonators.entries()) {
      sample = resonator.next(sample, formants[number] ?? 0, BANDWIDTHS[number] ?? 0);
    }
    samples[index] = sample;
  }
  const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries()) {
    file.writeInt16LE(Math.round((sample / peak) * 20_000), 44 + index * 2);
  }
  return file;
}
