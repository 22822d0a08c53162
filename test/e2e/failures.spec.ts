import type { Person } from './person.js';
import { expect, test, type Open } from './fixtures.js';

/* Failures during calls: lost servers, closed tabs, blocked cameras, double clicks, and faults of the page. */

const two = (open: Open, bob: Parameters<Open>[1] = {}): Promise<[Person, Person]> =>
  Promise.all([open('alice'), open('bob', bob)]);

async function inACall(open: Open): Promise<[Person, Person]> {
  const [alice, bob] = await two(open);
  await alice.send(['bob']);
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  return [alice, bob];
}

test.describe('the server', () => {
  test('an invitation survives a restart of the server, and is answered', async ({
    open,
    server,
  }) => {
    const [alice, bob] = await two(open);
    await alice.send(['bob']);
    await bob.is('incoming');
    await server.restart();
    await alice.connected();
    await bob.connected();
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.is('active');
    expect(await bob.callbacks()).toEqual([
      'onIncomingCallReceived',
      'onIncomingCallAcceptButtonPressed',
    ]);
    expect(await alice.callbacks()).toEqual(['onOutgoingCallAccepted']);
  });

  test('the connection state shows a lost server, and a call placed meanwhile is rejected', async ({
    open,
    server,
  }) => {
    const alice = await open('alice');
    await server.kill();
    await expect.poll(() => alice.connection()).not.toBe('connected');
    const failure = await alice.page.evaluate(() =>
      document
        .querySelector('call-invitation-provider')
        ?.service.send({ invitees: ['bob'], callType: 'voice' })
        .then(
          () => 'placed',
          (error: unknown) => `${(error as Error).name} ${(error as { code: string }).code}`,
        ),
    );
    expect(failure).toBe('CallError not-connected');
    expect(await alice.status()).toBe('idle');
  });

  test('flowing media survives a lost server', async ({ open, server }) => {
    const [alice, bob] = await inACall(open);
    await server.restart();
    await alice.connected();
    await bob.connected();
    await alice.seesPicture();
    await bob.seesPicture();
    expect([await alice.status(), await bob.status()]).toEqual(['active', 'active']);
    await bob.press('hang-up-button');
    await alice.is('ended: hung-up');
  });
});

test.describe('a closed tab', () => {
  test.use({ serverOptions: { vanishAfterMs: 2_000 } });

  test('of the caller, while it rings: the call is cancelled at the callee', async ({ open }) => {
    const [alice, bob] = await two(open);
    await alice.send(['bob']);
    await bob.is('incoming');
    await alice.close();
    await expect
      .poll(() => bob.callbacks(), { timeout: 60_000 })
      .toEqual(['onIncomingCallReceived', 'onIncomingCallCanceled']);
    expect(await bob.endings()).toEqual(['canceled']);
    await bob.releasesEverything();
  });

  test('of the callee, while it rings: the call times out at the caller @extended', async ({
    open,
  }) => {
    const [alice, bob] = await two(open);
    await alice.send(['bob'], { timeoutSeconds: 2 });
    await bob.is('incoming');
    await bob.close();
    await alice.is('ended: timeout');
    expect(await alice.callbacks()).toEqual(['onOutgoingCallTimeout']);
    await alice.releasesEverything();
  });

  test('in a call: the other side ends with connection-lost', async ({ open }) => {
    const [alice, bob] = await inACall(open);
    await bob.close();
    await alice.is('ended: connection-lost', 40_000);
    await alice.releasesEverything();
  });
});

test.describe('fast input', () => {
  test('a double click answers once @extended', async ({ open }) => {
    const [alice, bob] = await two(open);
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.page.locator('[part~="accept-button"]').dblclick({ force: true });
    await alice.is('active');
    expect(await bob.callbacks()).toEqual([
      'onIncomingCallReceived',
      'onIncomingCallAcceptButtonPressed',
    ]);
  });

  test('simultaneous accept, decline and cancel have the same result on both sides', async ({
    open,
  }) => {
    const [alice, bob] = await two(open);
    await alice.send(['bob']);
    await bob.is('incoming');
    await Promise.all([
      bob.page.evaluate(() => {
        const service = document.querySelector('call-invitation-provider')?.service;
        void service?.accept();
        void service?.decline();
        void service?.accept();
      }),
      alice.page.evaluate(() => {
        const service = document.querySelector('call-invitation-provider')?.service;
        void service?.cancel();
        void service?.cancel();
      }),
    ]);
    // The first one that reached the caller counts on both sides: the answer, or the cancel. If the code for media was
    // still loading, the answer is the decline.
    await expect
      .poll(async () => `${await alice.status()}, ${await bob.status()}`, { timeout: 60_000 })
      .toMatch(/^(idle, idle|active, active)$/);
    const [outcome = '', ...more] = await alice.callbacks();
    expect(more).toEqual([]);
    const pressed = (await bob.callbacks()).filter((name) => name.endsWith('Pressed'));
    const accept = 'onIncomingCallAcceptButtonPressed';
    const decline = 'onIncomingCallDeclineButtonPressed';
    // If the cancel arrived before the answer, no button was pressed.
    const answers: Record<string, readonly string[]> = {
      onOutgoingCallAccepted: [accept],
      onOutgoingCallDeclined: [decline],
      onOutgoingCallCancelButtonPressed: [accept, decline, ''],
    };
    expect(answers[outcome], outcome).toContain(pressed.join());
    if (outcome === 'onOutgoingCallAccepted') await alice.press('hang-up-button');
    await alice.is('idle');
    await bob.is('idle');
    await alice.releasesEverything();
    await bob.releasesEverything();
  });
});

test.describe('media', () => {
  test('blocked at the callee: the call continues, receive only, and the view shows it', async ({
    open,
  }) => {
    const [alice, bob] = await two(open, { denyMedia: true });
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.seesPicture();
    await expect
      .poll(async () => (await bob.argumentsOf('onError')).length, { message: 'reported errors' })
      .toBe(2);
    await expect(
      bob.page
        .locator('ongoing-call-view')
        .getByText(/microphone|camera/i)
        .first(),
    ).toBeVisible();
  });

  test('an open permission prompt does not delay the call, and hanging up during it leaves no camera on', async ({
    open,
  }) => {
    const alice = await open('alice');
    // The permission prompt: it stays open until the test answers it.
    const bob = await open('bob', {
      prepare: () => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = (constraints) =>
          new Promise((resolve, reject) => {
            window.addEventListener('answer', () => void ask(constraints).then(resolve, reject));
          });
      },
    });
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await bob.seesPicture();
    expect(await bob.status()).toBe('active');
    await bob.press('hang-up-button');
    await alice.is('ended: hung-up');
    await bob.page.evaluate(() => window.dispatchEvent(new Event('answer')));
    await expect.poll(() => bob.page.evaluate(() => window.probe.tracks.length)).toBeGreaterThan(0);
    await bob.releasesEverything();
  });

  test('without WebRTC, calls are answered as unsupported, without exceptions', async ({
    open,
  }) => {
    const alice = await open('alice');
    const bob = await open('bob', {
      prepare: () => Reflect.deleteProperty(window, 'RTCPeerConnection'),
    });
    // A coordinator decides nothing within two seconds after it has connected.
    await alice.send(['bob']);
    await alice.is('ended: unsupported');
    expect(await bob.status()).toBe('idle');
  });

  test('an insecure page without a camera can be called, and receives sound @extended', async ({
    open,
  }) => {
    const [alice, bob] = await two(open, { host: 'phone.test' });
    expect(await bob.page.evaluate(() => isSecureContext)).toBe(false);
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.seesPicture();
  });
});

test.describe('faults of the page', () => {
  test('a call can be answered while a modal dialog of the page is open @extended', async ({
    open,
  }) => {
    const [alice, bob] = await two(open);
    await bob.page.evaluate(() => {
      const dialog = document.createElement('dialog');
      dialog.append('Are you sure?');
      document.body.append(dialog);
      dialog.showModal();
    });
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('accept-button');
    await alice.is('active');
    await bob.press('hang-up-button');
    await alice.is('ended: hung-up');
  });

  test('an incoming call takes no focus from a text field, and Escape does not decline', async ({
    open,
  }) => {
    const [alice, bob] = await two(open);
    await bob.page.locator('#notes').click();
    await bob.page.keyboard.type('Dear ');
    await alice.send(['bob']);
    await bob.is('incoming');
    await expect(bob.page.locator('[part~="accept-button"]')).toBeVisible();
    await bob.page.keyboard.type('diary');
    await bob.page.keyboard.press('Escape');
    expect(await bob.page.locator('#notes').inputValue()).toBe('Dear diary');
    expect(await bob.status()).toBe('incoming');
  });

  for (const path of ['/late', '/twice'])
    test(`the library loaded ${path.slice(1)} rings once`, async ({ open }) => {
      const alice = await open('alice');
      const bob = await open('bob', { path });
      if (path === '/late') {
        await bob.page.evaluate((address) => import(address), '/somewhere/else/ringkit.js');
        await bob.connected();
      }
      await alice.send(['bob']);
      await bob.is('incoming');
      await bob.press('accept-button');
      await alice.is('active');
      expect(await bob.callbacks()).toEqual([
        'onIncomingCallReceived',
        'onIncomingCallAcceptButtonPressed',
      ]);
      expect(await bob.page.locator('incoming-call-dialog').count()).toBeLessThanOrEqual(1);
    });

  test('a callback that throws, removes the element, or calls again breaks nothing else', async ({
    open,
  }) => {
    const [alice, bob] = await two(open);
    await alice.page.evaluate(() => {
      Object.assign(window, {
        onCallback: (name: string, provider: HTMLElementTagNameMap['call-invitation-provider']) => {
          if (name !== 'onOutgoingCallDeclined') return;
          void provider.service.send({ invitees: ['bob'], callType: 'voice', customData: 'again' });
          throw new Error('a fault of the page');
        },
      });
    });
    await alice.send(['bob']);
    await bob.is('incoming');
    await bob.press('decline-button');
    await expect
      .poll(async () => (await bob.argumentsOf('onIncomingCallReceived')).map((args) => args[4]))
      .toEqual(['', 'again']);
    expect((await alice.argumentsOf('onError')).flat()).toEqual(['Error: a fault of the page']);
    await bob.page.evaluate(() => document.querySelector('call-invitation-provider')?.remove());
    await alice.press('cancel-button');
    await alice.is('ended: canceled');
    await bob.releasesEverything();
  });
});
