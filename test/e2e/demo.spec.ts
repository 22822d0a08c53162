import { test, type ElementHandle, type Frame, type Page } from '@playwright/test';
import { faultsOf, startDemo, startDevelopmentDemo, type Demo } from './demo-server.js';
import { expect } from './expect.js';
import { sizeOf } from '../../scripts/docs/shown-facts.mjs';
import { installProbe } from './probe.js';

/** The demo: pages and signalling from one server. */

let server: Demo;
let base: string;

test.beforeAll(async () => {
  server = await startDemo();
  ({ base } = server);
});
test.afterAll(() => server.close());

const users = ['alice', 'bob'] as const;
const four = ['alice', 'bob', 'carol', 'dave'] as const;

/** The document of a phone in its frame. */
async function phone(page: Page, user: string): Promise<Frame> {
  const handle = await page.locator(`#${user} iframe`).elementHandle();
  const frame = await (handle as ElementHandle).contentFrame();
  if (!frame) throw new Error(`${user} has no frame`);
  return frame;
}

/** Expects the state that the page shows beside the name of a phone. */
const expectState = (page: Page, user: string, state: string): Promise<void> =>
  expect(page.locator(`#${user} .state`)).toHaveText(state, { timeout: 60_000 });

async function openBoard(page: Page, query = '', from = base): Promise<string[]> {
  return open(page, `index.html${query}`, users, from);
}

/** Opens the page with four phones. */
async function openGroup(page: Page, query = ''): Promise<string[]> {
  // All phones are visible, because elements in the top layer of a frame cannot be scrolled into view.
  await page.setViewportSize({ width: 1440, height: 1700 });
  return open(page, `demo/group.html${query}`, four);
}

async function open(
  page: Page,
  path: string,
  users: readonly string[],
  from = base,
): Promise<string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.addInitScript(installProbe);
  await page.goto(`${from}/${path}`);
  for (const user of users) await expectState(page, user, 'Ready');
  return faults;
}

interface Stats {
  readonly type: string;
  readonly framesDecoded?: number;
}

/** Number of decoded video frames of the other user. */
const framesDecoded = (frame: Frame): Promise<number> =>
  frame.evaluate(async () => {
    const reports = await Promise.all(window.probe.connections.map((link) => link.getStats()));
    return reports
      .flatMap((report) => [...(report as ReadonlyMap<string, Stats>).values()])
      .filter(({ type }) => type === 'inbound-rtp')
      .reduce((sum, stats) => sum + (stats.framesDecoded ?? 0), 0);
  });

/** Number of running audio contexts and open peer connections. */
const openResources = (frame: Frame): Promise<number> =>
  frame.evaluate(
    () =>
      window.probe.audio.filter(({ state }) => state !== 'closed').length +
      window.probe.connections.filter(({ signalingState }) => signalingState !== 'closed').length,
  );

/** Log lines with this callback. */
const logged = (page: Page, user: string, callback: string) =>
  page
    .locator('.entries summary')
    .filter({ hasText: `${user}:` })
    .filter({ hasText: callback });

test.describe('the development server of `npm start`', () => {
  let development: Demo;
  test.beforeAll(async () => (development = await startDevelopmentDemo()));
  test.afterAll(() => development.close());

  test('connects two phones on one page', ({ page }) => connects(page, '', development.base));

  test('serves the other pages without errors @extended', async ({ page }) => {
    const { base } = development;
    const faults = await open(page, 'demo/group.html?media=synthetic', four, base);
    await page.goto(`${base}/demo/phone.html?user=carol&media=synthetic`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto(`${base}/demo/playground.html#element=start-call-button`);
    await expect(
      page.frameLocator('iframe').locator('start-call-button :is(section, button)').first(),
    ).toBeVisible();
    expect(faults).toEqual([]);
  });
});

for (const signaling of ['', '&signaling=local:']) {
  test(`two phones on one page connect${signaling ? ', without a server' : ' @extended'}`, ({
    page,
  }) => connects(page, signaling));
}

async function connects(page: Page, signaling: string, from = base): Promise<void> {
  const faults = await openBoard(page, `?media=synthetic${signaling}`, from);
  const [alice, bob] = [await phone(page, 'alice'), await phone(page, 'bob')];
  await alice.getByRole('button', { name: 'Video call Bob' }).click();
  await bob.getByRole('button', { name: 'Accept' }).click();
  for (const user of users) await expectState(page, user, 'In a call');
  for (const frame of [alice, bob]) {
    await expect.poll(() => framesDecoded(frame), { timeout: 60_000 }).toBeGreaterThan(0);
  }
  await alice.getByRole('button', { name: 'Hang up' }).click();
  for (const user of users) await expectState(page, user, 'Ready');
  for (const frame of [alice, bob]) await expect.poll(() => openResources(frame)).toBe(0);

  await expect(logged(page, 'Bob', 'onIncomingCallReceived')).toContainText(
    /callID \S+\s+caller Alice \(alice\)\s+callType video\s+callees Bob \(bob\)\s+customData ''/,
  );
  for (const [user, callback] of [
    ['Bob', 'onIncomingCallAcceptButtonPressed'],
    ['Alice', 'onOutgoingCallAccepted'],
  ] as const) {
    await expect(logged(page, user, callback)).toHaveCount(1);
  }
  for (const user of ['Alice', 'Bob']) {
    await expect(logged(page, user, 'onCallStateChanged').last()).toContainText('call idle');
  }
  expect(faults).toEqual([]);
}

test('the page says the sizes that README.md has', async ({ page }) => {
  await page.goto(`${base}/index.html`);
  await expect(page.locator('.size')).toContainText(sizeOf('first load'));
  await expect(page.locator('.size')).toContainText(sizeOf('media code'));
});

test('the name of a phone with missed calls is complete at 320 × 600 @extended', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 600 });
  await openBoard(page, '?signaling=local:&media=synthetic');
  await page.getByRole('button', { name: 'Alice calls Bob' }).click();
  const [alice, bob] = [await phone(page, 'alice'), await phone(page, 'bob')];
  await alice.locator('[part~=cancel-button]').click();
  await expect(bob.locator('.missed')).toBeVisible();
  const { clientWidth, scrollWidth } = await bob
    .locator('h1')
    .evaluate(({ clientWidth, scrollWidth }) => ({ clientWidth, scrollWidth }));
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
});

for (const [width, height, tag] of [
  [1440, 900, ''],
  [1280, 720, ' @extended'],
  [390, 844, ' @extended'],
  [320, 640, ''],
] as const) {
  test(`nothing of the page is cut or covered at ${width} × ${height}${tag}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openBoard(page, '?signaling=local:&media=synthetic');
    const shown = page.locator(
      ':is(.intro, .phones, .drawer) :is(a, button, pre, h1, h2, label, p)',
    );
    const faults = await shown.evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility())
        .flatMap((element) => {
          const { left, right } = element.getBoundingClientRect();
          const isCut =
            left < 0 || right > innerWidth || element.scrollWidth > element.clientWidth + 1;
          element.scrollIntoView({ block: 'center', behavior: 'instant' });
          const { left: x, top: y, width, height } = element.getBoundingClientRect();
          const top = document.elementFromPoint(x + width / 2, y + height / 2);
          const isCovered = !element.contains(top) && !top?.contains(element);
          return isCut || isCovered
            ? [`${element.outerHTML.slice(0, 80)}: ${isCut ? 'cut' : 'covered'}`]
            : [];
        }),
    );
    expect(faults).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    if (width === 1440) {
      await page.evaluate(() => window.scrollTo(0, 0));
      for (const part of ['.intro', '#phones', '#open-log'])
        await expect(page.locator(part)).toBeInViewport({ ratio: 1 });
    }
    const phoneOfYourOwn = page.getByRole('link', { name: 'Use this phone' });
    await expect(phoneOfYourOwn).toBeVisible({ visible: width < 680 });
    if (width < 680) {
      await page.evaluate(() => window.scrollTo(0, 0));
      await expect(phoneOfYourOwn).toBeInViewport({ ratio: 1 });
    }
  });
}

test('the code on the page is copied as it is @extended', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${base}/index.html`);
  await page.getByRole('button', { name: /^Copy: <script/ }).click();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
  expect(lines).toEqual([
    '<script type="module" src="/ringkit/ringkit.js"></script>',
    '<call-invitation-provider user-id="alice"></call-invitation-provider>',
    '<start-call-button callees="bob">Call Bob</start-call-button>',
  ]);
  await expect(page.getByRole('button', { name: /^Copy: <script/ })).toHaveText('Copied');
});

test('two users who are drawn speak in turn @extended', async ({ page }) => {
  await openBoard(page, '?signaling=local:&media=synthetic');
  await page.getByRole('button', { name: 'Alice calls Bob' }).click();
  const [alice, bob] = [await phone(page, 'alice'), await phone(page, 'bob')];
  await bob.getByRole('button', { name: 'Accept' }).click();
  for (const user of users) await expectState(page, user, 'In a call');
  const marked = (): Promise<string[]> =>
    alice
      .locator('ongoing-call-view .speaking')
      .evaluateAll((tiles) =>
        tiles.map(({ classList }) => (classList.contains('small') ? 'alice' : 'bob')),
      );
  const patience = { timeout: 60_000, intervals: [50] };
  for (const who of [['bob'], [], ['alice'], [], ['bob']])
    await expect.poll(marked, patience).toEqual(who);
});

test('simultaneous calls become one call @extended', async ({ page }) => {
  await openBoard(page, '?media=synthetic');
  await page.getByRole('radio', { name: 'Voice' }).check();
  await page.getByRole('button', { name: 'Both at once' }).click();
  for (const user of users) await expectState(page, user, 'In a call');
  await expect(page.locator('.entries summary').filter({ hasText: 'onIncoming' })).toHaveCount(0);
  for (const user of ['Alice', 'Bob']) {
    await expect(logged(page, user, 'onOutgoingCallAccepted')).toHaveCount(1);
  }
});

test('a phone that is switched off disconnects, and can be switched on again @extended', async ({
  page,
}) => {
  await openBoard(page);
  const alice = await phone(page, 'alice');
  const inList = alice.getByRole('listitem').filter({ hasText: 'Bob' });
  await expect(inList).toHaveCount(1);
  await page.getByRole('button', { name: 'Switch Bob’s phone off' }).click();
  await expectState(page, 'bob', 'Switched off');
  await expect(inList).toHaveCount(0, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expectState(page, 'bob', 'Ready');
  await expect(inList).toHaveCount(1);
});

test('the log can be filtered, expanded and cleared @extended', async ({ page }) => {
  await openBoard(page, '?signaling=local:');
  const alice = await phone(page, 'alice');
  await alice.getByLabel('Anybody else').fill('alice');
  await alice.getByLabel('Anybody else').press('Enter');
  await page.getByRole('button', { name: /^Callbacks 1$/ }).click();
  const entries = page.locator('.entries li');
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText('onError');
  await page.getByRole('radio', { name: 'Bob' }).check();
  await expect(entries).toHaveCount(0);
  await page.getByRole('radio', { name: 'All' }).check();
  await page.getByRole('searchbox').fill('ARGUMENT error');
  await expect(entries).toHaveCount(1);
  await page.getByRole('searchbox').fill('accepted');
  await expect(entries).toHaveCount(0);
  await page.getByRole('searchbox').fill('');
  await entries.locator('summary').press('Enter');
  await expect(entries.locator('pre')).toContainText('"code": "invalid-argument"');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(entries).toHaveCount(0);
});

/** How often the chaotic transports have injected this fault. */
const faultCount = (page: Page, harm: string): Promise<number> =>
  page
    .locator('.harm', { hasText: harm })
    .locator('output')
    .textContent()
    .then((text) => Number(text));

/** The members of the call of a phone. */
const inCall = (frame: Frame): Promise<string[]> =>
  frame.evaluate(() => {
    const call = document.querySelector('call-invitation-provider')?.service.$call.get();
    const members = call?.members.filter(({ state }) => state === 'accepted') ?? [];
    return members.map(({ userID }) => userID).sort();
  });

/** Number of connected media links. */
const connectedLinks = (frame: Frame): Promise<number> =>
  frame.evaluate(
    () =>
      window.probe.connections.filter(({ connectionState }) => connectionState === 'connected')
        .length,
  );

test('four phones join and leave one call despite chaos', { tag: '@long' }, async ({ page }) => {
  test.setTimeout(240_000);
  const patience = { timeout: 90_000 };
  const faults = await openGroup(page, '?media=synthetic');
  const frames = await Promise.all(four.map((user) => phone(page, user)));
  await page.getByRole('switch', { name: 'Chaos' }).check();
  await expect(page).toHaveURL(/chaos=delay,repeat,reorder,cut$/);
  await page.getByRole('radio', { name: 'Voice' }).check();
  await page.getByRole('button', { name: 'Alice rings all' }).click();
  for (const frame of frames.slice(1))
    await frame.getByRole('button', { name: 'Accept' }).click(patience);
  for (const frame of frames) {
    await expect.poll(() => inCall(frame), patience).toEqual([...four]);
    await expect.poll(() => connectedLinks(frame), patience).toBe(3);
  }
  // The call survives lost connections: everyone is still in it after reconnecting.
  const cuts = await faultCount(page, 'Cut');
  await expect.poll(() => faultCount(page, 'Cut'), patience).toBeGreaterThan(cuts + 2);
  for (const frame of frames) {
    await expect.poll(() => inCall(frame), patience).toEqual([...four]);
    await expect.poll(() => connectedLinks(frame), patience).toBe(3);
  }
  for (const harm of ['Delay', 'Repeat', 'Reorder']) {
    expect(await faultCount(page, harm)).toBeGreaterThan(0);
  }
  for (const user of ['Bob', 'Carol', 'Dave']) {
    await expect(logged(page, user, 'onIncomingCallReceived')).toHaveCount(1);
    await expect(logged(page, user, 'onIncomingCallAcceptButtonPressed')).toHaveCount(1);
  }
  await expect(logged(page, 'Alice', 'onOutgoingCallAccepted')).toHaveCount(3);

  await page.getByRole('button', { name: 'All hang up' }).click();
  for (const frame of frames) {
    await expect.poll(() => inCall(frame), patience).toEqual([]);
    await expect.poll(() => openResources(frame), patience).toBe(0);
  }
  await page.getByRole('switch', { name: 'Chaos' }).uncheck();
  for (const user of four)
    await expect(page.locator(`#${user} .state`)).toHaveText('Ready', patience);
  expect(faults).toEqual([]);
});

test('selected users are called, another one is invited, and a reloaded phone returns', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const faults = await openGroup(page, '?media=synthetic&signaling=local:');
  const [alice, bob, carol, dave] = await Promise.all(four.map((user) => phone(page, user)));
  if (!alice || !bob || !carol || !dave) throw new Error('a phone is missing');
  await alice.getByRole('checkbox', { name: 'Choose Bob' }).check();
  await alice.getByRole('checkbox', { name: 'Choose Carol' }).check();
  await alice.getByRole('button', { name: 'Call Bob, Carol', exact: true }).click();
  await bob.getByRole('button', { name: 'Accept' }).click();
  await carol.getByRole('button', { name: 'Accept' }).click();
  const three = ['alice', 'bob', 'carol'];
  for (const user of three) await expectState(page, user, 'In a call');
  await expectState(page, 'dave', 'Ready');

  const invite = bob.locator('invite-to-call-button');
  await invite.locator('[part="button"]').click();
  await invite.getByRole('checkbox', { name: 'Dave' }).check();
  await invite.locator('.confirm').click();
  await dave.getByRole('button', { name: 'Accept' }).click();
  for (const frame of [alice, bob, carol, dave]) {
    await expect.poll(() => inCall(frame), { timeout: 60_000 }).toEqual([...four]);
  }

  await page.getByRole('button', { name: 'Reload Carol’s phone' }).click();
  await expectState(page, 'carol', 'In a call');
  for (const frame of [alice, bob, carol, dave]) {
    await expect.poll(() => inCall(frame), { timeout: 60_000 }).toEqual([...four]);
  }
  await page.getByRole('button', { name: 'Switch Dave’s phone off' }).click();
  for (const frame of [alice, bob, carol]) {
    await expect.poll(() => inCall(frame), { timeout: 60_000 }).toEqual(three);
    await expect.poll(() => connectedLinks(frame), { timeout: 60_000 }).toBe(2);
  }
  for (const user of three) await expectState(page, user, 'In a call');
  await page.getByRole('button', { name: 'All hang up' }).click();
  for (const user of three) await expectState(page, user, 'Ready');
  expect(faults).toEqual([]);
});

test('chaos settings are kept in the URL, apply to a reloaded phone, and cut nothing without a server @extended', async ({
  page,
}) => {
  await openGroup(page, '?signaling=local:&media=synthetic&chaos=delay,cut');
  const chaos = page.getByRole('switch', { name: 'Chaos' });
  await expect(chaos).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Cut' })).toBeDisabled();
  await expect(page.getByRole('checkbox', { name: 'Repeat' })).not.toBeChecked();
  await page.getByRole('button', { name: 'Reload Bob’s phone' }).click();
  await expectState(page, 'bob', 'Ready');
  await page.getByRole('radio', { name: 'Voice' }).check();
  await page.getByRole('button', { name: 'Alice rings all' }).click();
  await expectState(page, 'bob', 'Incoming call');
  await expect.poll(() => faultCount(page, 'Delay'), { timeout: 60_000 }).toBeGreaterThan(0);
  await page.getByRole('checkbox', { name: 'Delay' }).press('Space');
  await page.getByRole('checkbox', { name: 'Repeat' }).press('Space');
  await expect(page).toHaveURL(/signaling=local:&media=synthetic&chaos=repeat,cut$/);
  await chaos.press('Space');
  await expect(chaos).not.toBeChecked();
  await expect(page).toHaveURL(/media=synthetic$/);
  await page.getByRole('link', { name: 'Two phones' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Add calls to any web page');
  await page.getByRole('link', { name: 'Four phones' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Four phones, and chaos.');
});

test('a phone asks for a name, and can be called by it @extended', async ({ page, context }) => {
  await page.goto(`${base}/demo/phone.html?media=synthetic`);
  await page.getByLabel('Your name').fill('Ana María');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/user=ana-mar%C3%ADa&name=Ana\+Mar%C3%ADa&media=synthetic$/);
  await expect(page.getByText('Connected')).toBeVisible();
  const other = await context.newPage();
  await other.goto(`${base}/demo/phone.html?user=zoe`);
  await expect(other.getByRole('button', { name: 'Call Ana María', exact: true })).toBeVisible();
});

test('the synthetic camera and tone meet the constraints, and stop with their tracks @extended', async ({
  page,
}) => {
  await page.clock.install({ time: 0 });
  await page.addInitScript(installProbe);
  await page.addInitScript(() => {
    const { prototype } = CanvasRenderingContext2D;
    const draw = Reflect.get(prototype, 'drawImage') as (...args: unknown[]) => void;
    Reflect.set(prototype, 'drawImage', function (this: object, ...args: unknown[]) {
      const { dataset } = document.body;
      dataset['draws'] = `${Number(dataset['draws'] ?? 0) + 1}`;
      draw.apply(this, args);
    });
  });
  await page.goto(`${base}/demo/phone.html?user=carol&media=synthetic&signaling=local:`);
  await page.clock.pauseAt(60_000);
  const settings = await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: 320, height: { exact: 240 }, frameRate: 10, facingMode: 'environment' },
    });
    Object.assign(window, { stream });
    const [picture] = stream.getVideoTracks();
    const [sound] = stream.getAudioTracks();
    const { deviceId, facingMode, width, height } = picture?.getSettings() ?? {};
    return [deviceId, facingMode, width, height, sound?.getSettings().deviceId];
  });
  expect(settings).toEqual(['drawn-back', 'environment', 320, 240, 'tone']);
  const draws = () => page.evaluate(() => Number(document.body.dataset['draws']));
  const before = await draws();
  await page.clock.runFor(2_000);
  expect((await draws()) - before).toBe(20);

  const contexts = await page.evaluate(async () => {
    const { stream } = window as unknown as { stream: MediaStream };
    const clone = stream.getVideoTracks()[0]?.clone();
    for (const track of stream.getTracks()) track.stop();
    clone?.stop();
    return window.probe.audio.length;
  });
  expect(contexts).toBe(1);
  await page.waitForFunction(() => window.probe.audio.every(({ state }) => state === 'closed'));
  const after = await draws();
  await page.clock.runFor(5_000);
  expect(await draws()).toBe(after);
});

test('a page without media devices uses synthetic media @extended', async ({ page }) => {
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true }),
  );
  await page.goto(`${base}/demo/phone.html?user=carol&signaling=local:`);
  await page.getByRole('button', { name: 'Video call Alice' }).click();
  await expect
    .poll(() =>
      page.evaluate(() => {
        const provider = document.querySelector('call-invitation-provider');
        const { stream, camera } = provider?.service.$localMedia.get() ?? {};
        return [camera, stream?.getTracks().map(({ label }) => label)];
      }),
    )
    .toEqual(['on', expect.arrayContaining(['Drawn picture', 'Quiet tone'])]);
});

test('the pages are accessible in light and dark mode', async ({ page }) => {
  test.setTimeout(120_000);
  const check = async (...where: (Page | Frame)[]): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      // Without motion, because colours in transition may lack contrast.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const one of where) expect(await faultsOf(one), colorScheme).toEqual([]);
    }
  };
  await openBoard(page, '?signaling=local:&media=synthetic');
  await page.getByRole('button', { name: 'Alice calls Bob' }).click();
  await expect(logged(page, 'Bob', 'onIncomingCallReceived')).toHaveCount(1);
  await check(page, await phone(page, 'alice'), await phone(page, 'bob'));
  await page.getByRole('button', { name: /^Callbacks/ }).click();
  await check(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await check(page);
  await openGroup(page, '?signaling=local:&media=synthetic');
  // The page with four phones has the same document.
  await check(page, await phone(page, 'dave'));
  await page.getByRole('switch', { name: 'Chaos' }).check();
  await page.getByRole('button', { name: 'Alice rings all' }).click();
  for (const user of four.slice(1)) await expectState(page, user, 'Incoming call');
  await check(page);
  for (const path of ['phone.html', 'phone.html?user=carol']) {
    await page.goto(`${base}/demo/${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await check(page);
  }
});
