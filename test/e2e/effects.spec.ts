import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import type { MediaEffect, ProcessContext } from '../../src/core/ports/media-effects.js';

/* The effects with their real libraries, in a page with the policy that docs/effects.md recommends. */

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

const serve = (): Server =>
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

const test = base.extend<{ stage: Page }>({
  stage: async ({ page }, use) => {
    const server = serve();
    const { port } = server.address() as AddressInfo;
    await page.addInitScript('globalThis.__name = (value) => value;');
    await page.addInitScript(() => {
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
    });
    await page.goto(`http://127.0.0.1:${port}/`);
    await use(page);
    expect(await page.evaluate(() => window.violations)).toEqual([]);
    expect(await page.evaluate(() => window.failures)).toEqual([]);
    server.close();
  },
});

/** How different neighbouring pixels of the raw or the processed picture are on average: edges are blurred away. */
const sharpness = (page: Page, which: 'raw' | 'processed'): Promise<number> =>
  page.evaluate(async (name) => {
    const { data, width } = await window.picture(window[name]);
    let sum = 0;
    for (let at = 0; at < data.length - 4; at += 4) {
      if ((at / 4) % width === width - 1) continue;
      for (let channel = 0; channel < 3; channel++)
        sum += Math.abs((data[at + channel] ?? 0) - (data[at + 4 + channel] ?? 0));
    }
    return (sum / data.length) * 4;
  }, which);

test('the background is blurred, and everything is released', async ({ stage }) => {
  const state = await stage.evaluate(async () => {
    const { blurBackground } = await window.load('background');
    const track = await window.start(blurBackground({ assets: '/background' }));
    return `${track.kind} ${track.readyState}`;
  });
  expect(state).toBe('video live');
  // The test camera has no person: all of its picture is background.
  const raw = await sharpness(stage, 'raw');
  await expect.poll(() => sharpness(stage, 'processed')).toBeLessThan(raw / 2);
  await stage.evaluate(() => window.stop());
  expect(await stage.evaluate(() => window.processed.readyState)).toBe('ended');
  expect(await stage.evaluate(() => window.raw.readyState)).toBe('live');
});

test('a library is loaded once, and its worker is used again', async ({ stage }) => {
  await stage.evaluate(async () => {
    const { blurBackground } = await window.load('background');
    const effect = blurBackground({ assets: '/background' });
    for (let times = 0; times < 3; times++) {
      await window.start(effect);
      window.stop();
      window.raw.stop();
    }
  });
  expect(stage.workers()).toHaveLength(1);
});

test('pictures become smaller while their processing is too slow', async ({ stage }) => {
  await stage.evaluate(async () => {
    const { processPictures } = await window.load('process-pictures');
    await window.start({
      ...{ name: 'slow', kind: 'video' },
      process: (track, context) =>
        processPictures(
          track,
          async (input, output) => {
            await new Promise((resolve) => setTimeout(resolve, 60));
            output.getContext('2d')?.drawImage(input, 0, 0);
            document.title = `${output.height} lines`;
          },
          context,
        ),
    });
  });
  await expect(stage).toHaveTitle('480 lines');
  await expect(stage).toHaveTitle(/^(360|240|180) lines$/);
});

test('the background is replaced by a picture', async ({ stage }) => {
  await stage.evaluate(async () => {
    const { replaceBackground } = await window.load('background');
    await window.start(replaceBackground({ assets: '/background/', image: '/blue.svg' }));
  });
  const blueShare = (): Promise<number> =>
    stage.evaluate(async () => {
      const { data } = await window.picture(window.processed);
      let blue = 0;
      for (let at = 0; at < data.length; at += 4)
        if ((data[at] ?? 0) < 60 && (data[at + 1] ?? 0) < 60 && (data[at + 2] ?? 0) > 180) blue++;
      return blue / (data.length / 4);
    });
  await expect.poll(blueShare).toBeGreaterThan(0.8);
});

test('noise is suppressed', async ({ stage }) => {
  const state = await stage.evaluate(async () => {
    const { suppressNoise } = await window.load('noise');
    const effect = suppressNoise({ assets: '/noise/' });
    const audio = new AudioContext({ sampleRate: 48_000 });
    const seconds = 4;
    const noise = audio.createBuffer(1, 48_000 * seconds, 48_000);
    noise.getChannelData(0).forEach((_, index, samples) => {
      samples[index] = (Math.random() - 0.5) * 0.2;
    });
    const source = audio.createBufferSource();
    Object.assign(source, { buffer: noise, loop: true });
    const input = audio.createMediaStreamDestination();
    source.connect(input);
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
    const [raw, quiet] = [level(track as MediaStreamTrack), level(processed)];
    const end = performance.now() + 15_000;
    // The library needs a moment to recognize the noise.
    while ((raw() < 0.03 || quiet() > raw() / 4) && performance.now() < end)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    const levels = { raw: raw(), quiet: quiet() };
    controller.abort();
    return { ...levels, input: track?.readyState };
  });
  expect(state.input).toBe('live');
  expect(state.raw).toBeGreaterThan(0.03);
  expect(state.quiet).toBeLessThan(state.raw / 4);
});

test('a library that is not there is named, with advice', async ({ stage }) => {
  const message = await stage.evaluate(async () => {
    const { suppressNoise } = await window.load('noise');
    return window.start(suppressNoise({ assets: '/nowhere' })).catch(String);
  });
  expect(message).toMatch(
    /^Error: http:\/\/127\.0\.0\.1:\d+\/nowhere\/index\.js could not be loaded\. Serve the files of dist of the npm package @sapphi-red/,
  );
});
