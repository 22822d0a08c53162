import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { MediaEffect, ProcessContext } from '../../src/core/ports/media-effects.js';

const root = join(import.meta.dirname, '../..');

const FOLDERS: Readonly<Record<string, string>> = {
  '/ringkit/': 'dist/src/',
  '/background/': 'node_modules/@twilio/video-processors/dist/build/',
  '/noise/': 'node_modules/@sapphi-red/web-noise-suppressor/dist/',
};
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'";
const PAGE = '<!doctype html><html lang="en"><title>Effects</title><p>A page';
const BLUE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="#00f"/></svg>';

async function contentOf(path: string): Promise<string | Buffer> {
  if (path === '/') return PAGE;
  if (path === '/blue.svg') return BLUE;
  const prefix = Object.keys(FOLDERS).find((start) => path.startsWith(start));
  if (prefix === undefined) throw new Error('not found');
  return readFile(join(root, FOLDERS[prefix] ?? '', normalize(path.slice(prefix.length))));
}

/** Serves a page, the build, and the libraries of the effects. */
export const serveEffects = (): Server =>
  createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    contentOf(pathname).then(
      (body) =>
        response
          .setHeader('content-security-policy', POLICY)
          .setHeader('content-type', TYPES[extname(pathname)] ?? 'text/html; charset=utf-8')
          .end(body),
      () => response.writeHead(404).end(),
    );
  }).listen();

interface Effects {
  readonly 'process-pictures': typeof import('../../src/effects/process-pictures.js');
  readonly background: typeof import('../../src/effects/background.js');
  readonly noise: typeof import('../../src/effects/noise.js');
}

/** What the page of a test has: an effect at work. */
declare global {
  interface Window {
    load: <Name extends keyof Effects>(name: Name) => Promise<Effects[Name]>;
    start: (effect: MediaEffect) => Promise<MediaStreamTrack>;
    stop: () => void;
    raw: MediaStreamTrack;
    processed: MediaStreamTrack;
    failures: string[];
    violations: string[];
    picture: (track: MediaStreamTrack) => Promise<ImageData>;
  }
}

/** Prepares the page. To be run in it first. */
export function installEffects(): void {
  window.failures = [];
  window.violations = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    window.violations.push(`${violatedDirective} ${blockedURI}`),
  );
  window.load = (name) => import(`/ringkit/effects/${name}.js`) as Promise<never>;
  window.start = async (effect) => {
    const video = effect.kind === 'video';
    const stream = await navigator.mediaDevices.getUserMedia(
      video ? { video: { width: 640, height: 480 } } : { audio: true },
    );
    const controller = new AbortController();
    window.stop = () => controller.abort();
    const context: ProcessContext = {
      signal: controller.signal,
      fail: (error) => window.failures.push(String(error)),
    };
    window.raw = stream.getTracks()[0] as MediaStreamTrack;
    return (window.processed = await effect.process(window.raw, context));
  };
  window.picture = async (track) => {
    const player = document.createElement('video');
    player.muted = true;
    player.srcObject = new MediaStream([track]);
    await player.play();
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(player, 0, 0, 320, 240);
    player.srcObject = null;
    return context.getImageData(0, 0, 320, 240);
  };
}

/** How different neighbouring pixels of a picture are on average: edges are blurred away. To be run in the page. */
export async function sharpnessOf(which: 'raw' | 'processed'): Promise<number> {
  const { data, width } = await window.picture(window[which]);
  let sum = 0;
  for (let at = 0; at < data.length - 4; at += 4) {
    if ((at / 4) % width === width - 1) continue;
    for (let channel = 0; channel < 3; channel++)
      sum += Math.abs((data[at + channel] ?? 0) - (data[at + 4 + channel] ?? 0));
  }
  return (sum / data.length) * 4;
}

/** The levels of a noise before and after its suppression. To be run in the page. */
export async function suppressedNoise(): Promise<{ raw: number; quiet: number; input: string }> {
  const { suppressNoise } = await window.load('noise');
  const effect = suppressNoise({ assets: '/noise/' });
  const audio = new AudioContext({ sampleRate: 48_000 });
  const seconds = 4;
  const noise = audio.createBuffer(1, 48_000 * seconds, 48_000);
  noise.getChannelData(0).forEach((_, index, samples) => {
    samples[index] = (Math.random() - 0.5) * 0.5;
  });
  const source = audio.createBufferSource();
  Object.assign(source, { buffer: noise, loop: true });
  const input = audio.createMediaStreamDestination();
  // Deep noise, like that of a fan, is recognized at once. White noise took from one second to more than a minute, by chance.
  const filter = audio.createBiquadFilter();
  filter.frequency.value = 1500;
  source.connect(filter).connect(input);
  source.start();
  const [track] = input.stream.getAudioTracks();
  const controller = new AbortController();
  const processed = await effect.process(track as MediaStreamTrack, {
    signal: controller.signal,
    fail: (error) => window.failures.push(String(error)),
  });
  const level = (of: MediaStreamTrack) => {
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream([of])).connect(analyser);
    return () => {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, value) => sum + value ** 2, 0) / samples.length);
    };
  };
  const [rawLevel, quietLevel] = [level(track as MediaStreamTrack), level(processed)];
  // A single reading can be silent by chance: the levels are averages of twenty readings of 43 ms each. The library needs a
  // moment to recognize the noise.
  const readings: { raw: number; quiet: number }[] = [];
  const levels = { raw: 0, quiet: 0 };
  const end = performance.now() + 60_000;
  let nextReading = 0;
  while ((levels.raw < 0.03 || levels.quiet > levels.raw / 4) && performance.now() < end) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (audio.currentTime < nextReading) continue;
    nextReading = audio.currentTime + 2048 / audio.sampleRate;
    readings.push({ raw: rawLevel(), quiet: quietLevel() });
    if (readings.length < 20) continue;
    readings.splice(0, readings.length - 20);
    levels.raw = readings.reduce((sum, { raw }) => sum + raw, 0) / readings.length;
    levels.quiet = readings.reduce((sum, { quiet }) => sum + quiet, 0) / readings.length;
  }
  controller.abort();
  return { ...levels, input: track?.readyState ?? '' };
}
